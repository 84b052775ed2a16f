import { setImmediate } from 'node:timers/promises'
import { Deque } from '@diskcache/collections'
import { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { role } from '../../../../packages/cache/tests/processes/role.ts'

export interface RandomDequeJob {
  readonly directory: string
  readonly seed: number
  readonly id: number
  readonly operations: number
}

/** The deque is kept shorter than about this, so that searches stay cheap. */
const LONGEST = 200

type Items = Deque<number | string>
type Step = (deque: Items, random: Random) => unknown

const STEPS: readonly Step[] = [
  (deque, random) => deque.append(itemFrom(random)),
  (deque, random) => deque.appendLeft(itemFrom(random)),
  (deque, random) => deque.extend(itemsFrom(random)),
  (deque, random) => deque.extendLeft(itemsFrom(random)),
  (deque, random) => deque.promises.append(itemFrom(random)),
  (deque, random) => deque.promises.extendLeft(itemsFrom(random)),
  (deque) => deque.pop(),
  (deque) => deque.popLeft(),
  (deque) => deque.promises.popLeft(),
  (deque, random) => deque.promises.take({ timeout: random.below(5) }),
  (deque) => [deque.peek(), deque.peekLeft()],
  (deque, random) => deque.at(positionFrom(random)),
  (deque, random) => deque.promises.at(positionFrom(random)),
  (deque, random) => unlessMissing(() => deque.set(positionFrom(random), itemFrom(random))),
  (deque, random) => deque.delete(positionFrom(random)),
  (deque, random) => deque.insert(positionFrom(random), itemFrom(random)),
  (deque, random) => deque.promises.insert(positionFrom(random), itemFrom(random)),
  (deque, random) => deque.remove(random.below(20)),
  (deque, random) => deque.promises.remove(random.below(20)),
  (deque, random) => deque.count(random.below(20)),
  (deque, random) => deque.indexOf(random.below(20)),
  (deque) => deque.reverse(),
  (deque, random) => deque.rotate(random.below(2 * LONGEST) - LONGEST),
  (deque, random) => deque.promises.rotate(random.below(20)),
  (deque) => [...deque, ...deque.reversed()],
  (deque) => Array.fromAsync(deque.promises),
  (deque) => deque.transact(() => deque.extend(itemsToMove(deque))),
  (deque) => trim(deque),
]

/** The workload of Python's `stress_test_deque`: anything, at random. Whatever throws fails. */
role<RandomDequeJob, number>(async ({ directory, seed, id, operations }, barrier) => {
  using deque: Items = new Deque(directory, { minFileSize: 1_000 })
  const random = new Random(seed, id)
  let longest = 0
  await barrier()
  for (let i = 0; i < operations; i++) {
    await random.pick(STEPS)(deque, random)
    longest = Math.max(longest, deque.length)
    if (i % 50 === 0) await setImmediate()
  }
  return longest
})

/** Small numbers, which searches find, and a few files. */
function itemFrom(random: Random): number | string {
  return random.chance(0.1) ? 'x'.repeat(2_000) : random.below(20)
}

function itemsFrom(random: Random): (number | string)[] {
  return Array.from({ length: random.below(6) }, () => itemFrom(random))
}

function positionFrom(random: Random): number {
  return random.below(LONGEST) - LONGEST / 2
}

/** Takes some items from the left, inside a transaction. */
function itemsToMove(deque: Items): (number | string)[] {
  return Array.from({ length: Math.min(5, deque.length) }, () => deque.popLeft() as number | string)
}

function trim(deque: Items): void {
  while (deque.length > LONGEST / 2) deque.pop()
}

/** Others may have taken what was there. */
function unlessMissing(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
}
