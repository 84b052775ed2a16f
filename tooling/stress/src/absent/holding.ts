import { setTimeout as delay } from 'node:timers/promises'
import type { AnyStore, Hold } from '@diskcache/recipes'
import { Lock, TokenBucket, throttle } from '@diskcache/recipes'
import { now } from './now.ts'

/** A call of a recipe that has to fail where the store is away, since there is nothing that it could do without. */
export interface Attempt {
  readonly name: string
  readonly began: number
  /** In milliseconds; infinite when it did not end. */
  readonly took: number
  /** How long it was told to wait, in milliseconds. */
  readonly timeout: number | undefined
  /** What it failed with: the code of the error, or the whole error where that has none. */
  readonly failure: string | undefined
}

const TIMEOUT = 500
const PERIOD = 250

/** Locks and rates, again and again until an end, in epoch milliseconds; each lock is another one. */
export async function hold(store: AnyStore, end: number): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = []
  const rate = { name: 'rate', count: 1_000, per: 1_000 }
  const bucket = new TokenBucket(store, rate)
  const throttled = throttle(store, () => true, { ...rate, timeout: TIMEOUT })
  const wait = { timeout: TIMEOUT }
  for (let i = 0; now() < end; i++) {
    const attempt = (name: string, timeout: number | undefined, call: () => Promise<unknown>) =>
      follow(attempts, name, timeout, call)
    attempt('Lock.acquire', TIMEOUT, () => new Lock(store, `waiting ${i}`).acquire(wait).then(letGo))
    attempt('Lock.tryAcquire', undefined, () => new Lock(store, `trying ${i}`).tryAcquire().then(letGo))
    attempt('TokenBucket.take', TIMEOUT, () => bucket.take(undefined, wait))
    attempt('TokenBucket.tryTake', undefined, () => bucket.tryTake())
    attempt('throttle', TIMEOUT, () => throttled())
    await delay(PERIOD)
  }
  return attempts
}

/** Whether the release takes place, or the lease has to end by itself, is another question. */
function letGo(hold: Hold | undefined): void {
  hold?.release().catch(() => {})
}

async function follow(
  attempts: Attempt[],
  name: string,
  timeout: number | undefined,
  call: () => Promise<unknown>,
): Promise<void> {
  const attempt = { name, began: now(), took: Infinity, timeout, failure: undefined as string | undefined }
  attempts.push(attempt)
  try {
    await call()
  } catch (error) {
    const { code } = error as { code?: unknown }
    attempt.failure = typeof code === 'string' ? code : String(error)
  }
  attempt.took = now() - attempt.began
}
