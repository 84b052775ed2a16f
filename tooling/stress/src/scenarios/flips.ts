import { join } from 'node:path'
import { missingPython } from '../../../../packages/cache/tests/python/peer.ts'
import { flipRun } from '../faults/flips/flip-run.ts'
import type { FlipTally } from '../faults/flips/tally.ts'
import { inMemory } from '../faults/in-memory.ts'
import type { Scenario, ScenarioContext } from '../scenario.ts'

const EXAMPLES = 3

/** Damaged directories: nothing wrong is served, and the cache goes on. */
export const flips: Scenario = {
  name: 'flips',
  minutes: 45,
  async run(context) {
    const { short } = context
    const yardstick = await tallies(context, 'sqlite', short ? 100 : 3_000)
    if (yardstick.every((tally) => tally.count('wrong') === 0))
      throw new Error('The judge finds nothing wrong in bare SQLite')
    const shared = await withPython(context, 'shared', short ? 100 : 3_000)
    const python = short ? [] : await withPython(context, 'python', 3_000)
    const own = await tallies(context, 'diskcache', short ? 1_000 : 30_000)
    const lines = [
      ...own.map((tally) => tally.line()),
      ...shared,
      ...yardstick.map((tally) => tally.line()),
      ...python,
    ]
    const examples = own.flatMap((tally) => tally.examples(EXAMPLES))
    if (examples.length > 0) throw new Error([...lines, ...examples].join('\n       '))
    return lines
  },
}

/** What is only printed: in a directory that Python writes to as well, not everything can be found out. */
async function withPython(context: ScenarioContext, engine: string, trials: number): Promise<string[]> {
  const problem = missingPython()
  if (problem === undefined) return (await tallies(context, engine, trials)).map((tally) => tally.line())
  if (process.env.DISKCACHE_REQUIRE_PYTHON === '1') throw new Error(`Python is required: ${problem}`)
  return [`${engine}: SKIPPED, ${problem}`]
}

function tallies({ directory, seed }: ScenarioContext, engine: string, trials: number): Promise<FlipTally[]> {
  return inMemory(join(directory, engine), (directory) =>
    flipRun({ engine, directory, seed, trials, first: 0, processes: 2 }),
  )
}
