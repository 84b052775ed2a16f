import { copyRun } from '../../../../packages/cache/tests/processes/copy/copy-run.ts'
import type { Scenario } from '../scenario.ts'

/** Copies of a directory while others write to it, and `kill -9` of writers and copiers. */
export const copy: Scenario = {
  name: 'copy',
  minutes: 8,
  async run({ directory, seed, short }) {
    return [await copyRun({ directory, seed, copies: short ? 20 : 100 })]
  },
}
