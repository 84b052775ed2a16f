import { killRun } from '../../../../packages/cache/tests/processes/kill/kill-run.ts'
import type { Scenario } from '../scenario.ts'

/** `kill -9` in the middle of writes, batches and streams. */
export const kill: Scenario = {
  name: 'kill',
  minutes: 4,
  async run({ directory, seed, short }) {
    return [await killRun({ directory, seed, rounds: short ? 25 : 100 })]
  },
}
