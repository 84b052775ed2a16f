import { setTimeout as delay } from 'node:timers/promises'
import type { AsyncStore } from '@diskcache/core'
import { Faults, Memory, MemoryStore } from '@diskcache/testkit/memory'
import { describe, expect, test } from 'vitest'
import { BoundedSemaphore, getOrSet, type Hold, Lock, setIfNewer, TokenBucket } from './index.ts'

const SEED = Number(process.env.SEED ?? Date.now() % 1e6)
const LOST = expect.objectContaining({ code: 'ERR_DISKCACHE_LOCK_LOST' })

/** Returns stores on one memory, whose clock is the real one. */
function stores(faults: Faults, count: number): AsyncStore[] {
  const memory = new Memory()
  return Array.from({ length: count }, (_, i) => faults.in(new MemoryStore({ memory, watch: i % 2 === 0 })))
}

/** Returns the holds that may believe that they hold. */
function valid(holds: Iterable<Hold>): Hold[] {
  return [...holds].filter((hold) => {
    try {
      hold.check()
      return true
    } catch {
      return false
    }
  })
}

/** Runs a task again and again until it succeeds. */
async function persist<T>(task: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await task()
    } catch (error) {
      expect(String(error)).toContain('Injected fault')
    }
  }
}

describe(`on an engine that fails and loses answers (SEED=${SEED})`, () => {
  test.for([1, 3])('never more than %i hold', async (capacity) => {
    const faults = new Faults({ seed: SEED, perMille: 100, delay: 2 })
    const holds = new Set<Hold>()
    const tokens: number[] = []
    const worker = async (store: AsyncStore) => {
      const options = { lease: 100 }
      const lock =
        capacity === 1 ? new Lock(store, 'k', options) : new BoundedSemaphore(store, 'k', capacity, options)
      for (let round = 0; round < 12; round++) {
        const hold = await persist(() => lock.acquire())
        holds.add(hold)
        expect(valid(holds).length).toBeLessThanOrEqual(capacity)
        tokens.push(hold.token)
        await delay(faults.draw() / 300)
        holds.delete(hold)
        await hold.release().catch(() => {})
      }
    }
    const all = stores(faults, 3)
    await Promise.all([...all, ...all].map(worker))
    expect(new Set(tokens).size).toBe(tokens.length)
    if (capacity === 1) expect(tokens.toSorted((a, b) => a - b)).toEqual(tokens)
  })

  test('Lock.acquire() whose answer is lost does not keep the lock', async () => {
    const memory = new Memory()
    const error = new Error('The answer is lost')
    class ForgetfulStore extends MemoryStore {
      losses = 1
      override async update(...args: Parameters<MemoryStore['update']>) {
        const entry = await super.update(...args)
        if (this.losses-- > 0) throw error
        return entry
      }
    }
    await expect(new Lock(new ForgetfulStore({ memory }), 'k').acquire()).rejects.toBe(error)
    await (await new Lock(new MemoryStore({ memory }), 'k').acquire()).release()
  })

  test('a hold outlives failures of the store that are shorter than its lease', async () => {
    const faults = new Faults({ seed: SEED })
    const memory = new Memory()
    const hold = await new Lock(faults.in(new MemoryStore({ memory })), 'k', { lease: 900 }).acquire()
    const until = () => JSON.stringify([...memory.rows.values()].map(({ value }) => value))
    const before = until()
    faults.perMille = 1_000
    await delay(350)
    faults.perMille = 0
    while (until() === before) await delay(10)
    hold.check()
    await hold.release()
  })

  test('a hold is lost in time when the store keeps failing', async () => {
    const faults = new Faults({ seed: SEED })
    const hold = await new Lock(faults.in(new MemoryStore()), 'k', { lease: 600 }).acquire()
    faults.perMille = 1_000
    await new Promise((resolve) => hold.lost.addEventListener('abort', resolve))
    expect(hold.lost.reason.cause.message).toContain('Injected fault')
    await expect(hold.release()).rejects.toEqual(LOST)
  })
})

describe(`getOrSet() on an engine that fails and loses answers (SEED=${SEED})`, () => {
  test('getOrSet() gives the value, and tells onError', async () => {
    const faults = new Faults({ seed: SEED, perMille: 300, delay: 1 })
    const errors: unknown[] = []
    const onError = (error: unknown) => errors.push(error)
    const calls = stores(faults, 3).flatMap((store) =>
      Array.from({ length: 30 }, async (_, i) => {
        await delay(faults.draw() / 50)
        const options = { lease: 100, ttl: 5, staleFor: i % 2 ? 5 : 0, onError }
        return getOrSet(store, i % 4, () => delay(1, `value ${i % 4}`), options)
      }),
    )
    const values = await Promise.all(calls)
    expect(values).toEqual(values.map((_, i) => `value ${(i % 30) % 4}`))
    for (const error of errors) expect(String((error as Error).cause ?? error)).toContain('Injected fault')
    expect(errors.length).toBeGreaterThan(0)
  })

  test('others tell of the failure, and go on afterwards', async () => {
    const faults = new Faults({ seed: SEED, perMille: 1_000 })
    const store = faults.in(new MemoryStore())
    const bucket = new TokenBucket(store, { name: 'b', count: 100, per: 1_000 })
    await expect(bucket.take()).rejects.toThrow('Injected fault')
    await expect(setIfNewer(store, 'k', 1, 1)).rejects.toThrow('Injected fault')
    faults.perMille = 0
    await bucket.take()
    expect(await setIfNewer(store, 'k', 1, 1)).toBe(true)
  })
})
