import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inMemory } from '../in-memory.ts'
import { callRun } from './call-run.ts'
import type { FaultPoint } from './fault-points.ts'

/** Lets system calls fail and prints what comes of it: all points, some drawn by the seed, or those that are named. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    most: { type: 'string' },
    operation: { type: 'string' },
    call: { type: 'string' },
    error: { type: 'string' },
    nth: { type: 'string' },
    once: { type: 'boolean', default: false },
    onward: { type: 'boolean', default: false },
    examples: { type: 'string', default: '5' },
  },
})

const tally = await inMemory(join(tmpdir(), `diskcache-calls-${process.pid}`), (directory) =>
  callRun({
    ...{ directory, seed: Number(values.seed), where: where() },
    ...(values.most !== undefined && { most: Number(values.most) }),
  }),
)
const found = tally.examples(Number(values.examples))
console.log([...tally.lines(), ...found].join('\n'))
if (found.length > 0) process.exitCode = 1

function where(): Partial<FaultPoint> {
  const { operation, call, error, nth, once, onward } = values
  const all = { operation, call, error, nth: nth && Number(nth), onward: once || onward ? onward : undefined }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
