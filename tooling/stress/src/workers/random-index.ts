import { setImmediate } from 'node:timers/promises'
import { Index } from '@diskcache/collections'
import { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { role } from '../../../../packages/cache/tests/processes/role.ts'

export interface RandomIndexJob {
  readonly directory: string
  readonly seed: number
  readonly id: number
  readonly operations: number
}

const KEYS = 100

type Entries = Index<string | number, string>
type Step = (index: Entries, random: Random) => unknown

const OFTEN: readonly Step[] = [
  (index, random) => index.set(keyFrom(random), valueFrom(random)),
  (index, random) => index.get(keyFrom(random)),
  (index, random) => index.has(keyFrom(random)),
  (index, random) => index.delete(keyFrom(random)),
  (index, random) => index.pop(keyFrom(random)),
  (index, random) => index.popItem({ last: random.chance(0.5) }),
  (index, random) => index.peekItem({ last: random.chance(0.5) }),
  (index, random) => index.setDefault(keyFrom(random), () => valueFrom(random)),
  (index, random) => index.push(valueFrom(random), queueFrom(random)),
  (index, random) => index.pull(queueFrom(random)),
  (index, random) => index.update([entryFrom(random), entryFrom(random)]),
  (index, random) => index.promises.set(keyFrom(random), valueFrom(random)),
  (index, random) => index.promises.pop(keyFrom(random)),
  (index, random) => index.promises.popItem({ last: random.chance(0.5) }),
  (index, random) => index.promises.setDefault(keyFrom(random), async () => valueFrom(random)),
  (index, random) => index.promises.update([entryFrom(random), entryFrom(random)]),
  (index, random) => index.transact(() => index.set(keyFrom(random), index.get(keyFrom(random)) ?? 'none')),
]

const SELDOM: readonly Step[] = [
  (index) => [...index],
  (index) => [...index.keys({ reverse: true })],
  (index) => Array.fromAsync(index.promises.values()),
  (index) => index.equals(new Map(index)),
  (index) => index.promises.equals(index),
  (index) => index.clear(),
]

/** The workload of Python's `stress_test_index`: anything, at random. Whatever throws fails. */
role<RandomIndexJob, null>(async ({ directory, seed, id, operations }, barrier) => {
  using index: Entries = new Index(directory, { minFileSize: 1_000 })
  const random = new Random(seed, id)
  await barrier()
  for (let i = 0; i < operations; i++) {
    await random.pick(random.chance(0.02) ? SELDOM : OFTEN)(index, random)
    if (i % 100 === 0) await setImmediate()
  }
  return null
})

function keyFrom(random: Random): number {
  return random.below(KEYS)
}

/** One in ten is a file. */
function valueFrom(random: Random): string {
  return '.'.repeat(random.chance(0.1) ? 2_000 : random.below(100))
}

function entryFrom(random: Random): [number, string] {
  return [keyFrom(random), valueFrom(random)]
}

function queueFrom(random: Random) {
  const side = random.pick(['back', 'front'] as const)
  return random.chance(0.5) ? { side } : { side, prefix: 'queue' }
}
