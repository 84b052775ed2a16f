import { ok } from 'node:assert'
import { setImmediate } from 'node:timers/promises'
import { Deque } from '@diskcache/collections'
import { Random } from '../../../../cache/tests/processes/random.ts'
import { role } from '../../../../cache/tests/processes/role.ts'

/** `in place`: whatever it moves it moves back in the same transaction, so that nobody sees another order. */
export type Stirring = 'freely' | 'in place'

export interface StirringJob {
  readonly directory: string
  readonly seed: number
  readonly stirring: Stirring
  readonly maxLength: number
}

/** How often it moved items. */
export type StirringReport = number

/** Moves items while others add and take them. Starts at its first barrier, and stops at its second. */
role<StirringJob, StirringReport>(async ({ directory, seed, stirring, maxLength }, barrier) => {
  using deque = new Deque(directory, { maxLength })
  const random = new Random(seed, 1_000)
  const stir = stirring === 'freely' ? stirFreely : stirInPlace
  let isOver = false
  await barrier()
  barrier().then(() => {
    isOver = true
  })
  let count = 0
  for (; !isOver; count++) {
    await stir(deque, random)
    ok(deque.length <= maxLength, `there are ${deque.length} items, of at most ${maxLength}`)
    await setImmediate()
  }
  return count
})

function stirFreely(deque: Deque, random: Random): Promise<void> | void {
  const steps = random.below(20) - 10
  if (random.chance(0.1)) return random.chance(0.5) ? deque.reverse() : deque.promises.reverse()
  return random.chance(0.5) ? deque.rotate(steps) : deque.promises.rotate(steps)
}

function stirInPlace(deque: Deque, random: Random): Promise<void> | void {
  const steps = random.below(20) - 10
  const turns = random.chance(0.1) ? 2 : 0
  const body = () => {
    deque.rotate(steps)
    for (let i = 0; i < turns; i++) deque.reverse()
    deque.rotate(-steps)
  }
  return random.chance(0.5) ? deque.transact(body) : deque.promises.transact(body)
}
