import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inMemory } from '../in-memory.ts'
import { TARGETS, type Target } from './damage.ts'
import { flipRun } from './flip-run.ts'

/** Makes trials and prints their table: for figures, and to repeat a trial of which a run told. */
const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'diskcache' },
    trials: { type: 'string', default: '1000' },
    first: { type: 'string', default: '0' },
    seed: { type: 'string' },
    target: { type: 'string' },
    examples: { type: 'string', default: '3' },
    processes: { type: 'string', default: '2' },
  },
})

const seed = Number(values.seed ?? Date.now() % 1e9)
const target = TARGETS.find((target) => target === values.target)
if (values.target !== undefined && target === undefined)
  throw new RangeError(`--target is one of ${TARGETS.join(', ')}`)

const start = performance.now()
const tallies = await inMemory(join(tmpdir(), `diskcache-flips-${process.pid}`), (directory) =>
  flipRun({
    ...{ directory, seed, engine: values.engine, first: Number(values.first), trials: Number(values.trials) },
    processes: Number(values.processes),
    ...(target !== undefined && { target: target as Target }),
  }),
)
console.log(`SEED ${seed}, ${((performance.now() - start) / 1e3).toFixed(1)} s`)
console.table(tallies.map((tally) => tally.row()))
for (const tally of tallies) for (const text of tally.examples(Number(values.examples))) console.log(text)
if (tallies.some(({ faults }) => faults > 0)) process.exitCode = 1
