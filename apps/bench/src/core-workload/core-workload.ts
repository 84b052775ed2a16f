import type { PartContext } from '../report/part.ts'
import type { CoreContender } from './core-contender.ts'
import type { CoreResults } from './core-tables.ts'
import { runCoreWorkload } from './run-core-workload.ts'
import type { Summary } from './summary.ts'
import type { Length } from './worker-settings.ts'

/** How often and how much to run. */
export interface CoreEffort extends Length {
  readonly rounds: number
}

/** As python-diskcache runs it. */
export const FULL: CoreEffort = { operations: 100_000, warmUp: 1_000, rounds: 3 }

/** Shows that everything runs; most of it is run by code that V8 has not compiled yet. */
export const QUICK: CoreEffort = { operations: 2_000, warmUp: 1_000, rounds: 1 }

/** In a round every contender runs once, one after the other, each with the machine for itself. */
export async function measureCoreWorkload(
  contenders: readonly CoreContender[],
  processes: number,
  { rounds, ...length }: CoreEffort,
  { progress }: Pick<PartContext, 'progress'>,
): Promise<CoreResults> {
  const results = new Map<CoreContender, Summary[]>(contenders.map((contender) => [contender, []]))
  let done = 0
  for (let round = 0; round < rounds; round++) {
    for (const [contender, summaries] of results) {
      progress(
        done++,
        rounds * contenders.length,
        `${contender.name}, ${processes} at once, round ${round + 1}`,
      )
      summaries.push(await runCoreWorkload(contender, processes, length))
    }
  }
  return results
}
