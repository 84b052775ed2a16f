import { strictEqual } from 'node:assert'
import { setTimeout as delay } from 'node:timers/promises'
import { type BoundedSemaphore, type Hold, type Lock, RLock } from '@diskcache/recipes'
import type { Random } from '../../../../../packages/cache/tests/processes/random.ts'

export type Body = (hold: Hold) => Promise<void>

/** Runs the body while it holds something, once, or not at all. */
export type Way = (body: Body) => Promise<void>

/** In milliseconds. */
const LONGEST_WAIT = 100

export function waysToHold(lock: Lock | RLock | BoundedSemaphore, random: Random): Way[] {
  return lock instanceof RLock ? reentrantWays(lock, random) : plainWays(lock, random)
}

function plainWays(lock: Lock | BoundedSemaphore, random: Random): Way[] {
  return [
    (body) => lock.run(body),
    async (body) => {
      await using hold = await lock.acquire()
      await body(hold)
    },
    async (body) => {
      const hold = await lock.tryAcquire()
      if (hold === undefined) await delay(random.below(10))
      else await body(hold).finally(() => hold.release())
    },
    (body) => lock.run(body, { timeout: random.below(LONGEST_WAIT) }),
    (body) => lock.run(body, { signal: AbortSignal.timeout(random.below(LONGEST_WAIT)) }),
  ]
}

/** The body runs within a second hold, which shares the lock of the first. */
function reentrantWays(lock: RLock, random: Random): Way[] {
  return [
    (body) => lock.run((outer) => lock.run((hold) => body(sameLock(outer, hold)))),
    (body) =>
      lock.run(async (outer) => {
        await using hold = await lock.acquire()
        await body(sameLock(outer, hold))
      }),
    async (body) => {
      const outer = await lock.acquire({ timeout: random.below(LONGEST_WAIT) })
      const hold = await lock.acquire({ within: outer }).catch((error) => giveUp(outer, error))
      // The first one ends now, but the lock is held until the last one does.
      await outer.release().catch((error) => giveUp(hold, error))
      await body(sameLock(outer, hold)).finally(() => hold.release())
    },
  ]
}

function sameLock(outer: Hold, hold: Hold): Hold {
  strictEqual(hold.token, outer.token, 'a second hold of an RLock has another token')
  return hold
}

/** The error is worth more than what a release may say. */
async function giveUp(hold: Hold, error: unknown): Promise<never> {
  await hold.release().catch(() => {})
  throw error
}
