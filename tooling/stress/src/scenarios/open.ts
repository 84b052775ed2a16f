import { firstOpenRun } from '../../../../packages/cache/tests/processes/first-open.ts'
import type { Scenario } from '../scenario.ts'

/** The stampede on a directory that is not there yet. */
export const open: Scenario = {
  name: 'open',
  minutes: 2,
  async run({ directory, short }) {
    const rounds = short ? 10 : 50
    const longest = await firstOpenRun({ directory, processes: 16, rounds })
    return [
      `16 processes in ${rounds} rounds, all succeeded; longest opening with set and get ${longest.toFixed(0)} ms`,
    ]
  },
}
