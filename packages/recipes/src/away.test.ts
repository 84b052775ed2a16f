import { setTimeout as delay } from 'node:timers/promises'
import { storeHealth } from '@diskcache/core'
import { Memory, MemoryStore } from '@diskcache/testkit/memory'
import { test as base, expect } from 'vitest'
import { getOrSet, Lock, memoizeStampede, TokenBucket } from './index.ts'

const UNAVAILABLE = { code: 'ERR_DISKCACHE_UNAVAILABLE' }

type Kind = 'reads' | 'writes'

/** A store whose reads, or writes, get no answer until it goes on, as with a server that stands still. */
class StoppableStore extends MemoryStore {
  readonly #stopped = new Map<Kind, PromiseWithResolvers<void>>()

  stop(...kinds: Kind[]): void {
    for (const kind of kinds) this.#stopped.set(kind, Promise.withResolvers())
  }

  goOn(): void {
    for (const { resolve } of this.#stopped.values()) resolve()
    this.#stopped.clear()
  }

  override async get(...args: Parameters<MemoryStore['get']>) {
    await this.#stopped.get('reads')?.promise
    return super.get(...args)
  }

  override async set(...args: Parameters<MemoryStore['set']>) {
    await this.#stopped.get('writes')?.promise
    args[2]?.signal?.throwIfAborted()
    return super.set(...args)
  }

  override async update(...args: Parameters<MemoryStore['update']>) {
    await this.#stopped.get('writes')?.promise
    args[2]?.signal?.throwIfAborted()
    return super.update(...args)
  }
}

const test = base.extend<{ memory: Memory; store: StoppableStore }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  memory: async ({}, use) => use(new Memory()),
  store: async ({ memory }, use) => {
    const store = new StoppableStore({ memory })
    await use(store)
    store.goOn()
  },
})

test('getOrSet() computes without a store that is away, once for all who ask', async ({ store }) => {
  store.stop('reads', 'writes')
  let runs = 0
  const make = async () => {
    await delay(20)
    return ++runs
  }
  const ask = () => getOrSet(store, 'k', make, { timeout: 10_000 })
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1])
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([2, 2, 2])
  expect(storeHealth(store).status).toBe('away')
})

test('timeout of getOrSet() is for the first read, too', async ({ store }) => {
  store.stop('reads', 'writes')
  const options = { timeout: 30, storeTimeout: Infinity }
  await expect(getOrSet(store, 'k', () => new Promise(() => {}), options)).rejects.toMatchObject({
    code: 'ERR_DISKCACHE_LOCK_TIMEOUT',
    message: "Cannot get a value for 'k': it was not there after 30 ms",
  })
})

test('a value that was computed while the store was away is stored when it is back, for ten seconds', async ({
  memory,
  store,
}) => {
  const other = new MemoryStore({ memory })
  store.stop('reads', 'writes')
  expect(await getOrSet(store, 'k', () => 'computed', { tag: 't' })).toBe('computed')
  expect(await getOrSet(store, 'forgotten', () => 'computed')).toBe('computed')
  const forgotten = getOrSet.forget(store, 'forgotten').catch((error) => error)
  store.goOn()
  await forgotten
  await expect.poll(() => other.count()).toBeGreaterThan(0)
  expect(await getOrSet(other, 'k', () => 'anew')).toBe('computed')
  expect(await getOrSet(other, 'forgotten', () => 'anew')).toBe('anew')
  for await (const [key] of other.entries({ tag: 't' })) {
    const { expireTime, tags } = (await other.getEntry(key))!
    expect(expireTime! - Date.now()).toBeLessThanOrEqual(10_000)
    expect(tags).toEqual(['t'])
  }
})

test('a value that was forgotten while it was computed is not stored when the store is back', async ({
  memory,
  store,
}) => {
  const other = new MemoryStore({ memory })
  const [begun, computed] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()]
  const underLease = getOrSet(store, 'under lease', () => {
    begun.resolve()
    return computed.promise
  })
  await begun.promise
  store.stop('reads', 'writes')
  const without = getOrSet(store, 'without', () => computed.promise)
  await expect.poll(() => storeHealth(store).status).toBe('away')
  await Promise.all(['under lease', 'without'].map((key) => getOrSet.forget(store, key).catch(() => {})))
  computed.resolve('old')
  expect(await Promise.all([underLease, without])).toEqual(['old', 'old'])
  store.goOn()
  await expect.poll(() => storeHealth(store).status).toBe('up')
  await delay(50)
  expect(await getOrSet(other, 'under lease', () => 'new')).toBe('new')
  expect(await getOrSet(other, 'without', () => 'new')).toBe('new')
})

test('what is computed while the store is away is offered as the value decides, and no failure is', async ({
  memory,
  store,
}) => {
  const other = new MemoryStore({ memory })
  store.stop('reads', 'writes')
  const options = { keep: (value: string) => value !== 'partial', ttl: () => 5_000, failureTtl: 60_000 }
  for (const key of ['whole', 'partial']) expect(await getOrSet(store, key, () => key, options)).toBe(key)
  const failed = getOrSet(store, 'failed', () => Promise.reject(new Error('no luck')), options)
  await expect(failed).rejects.toThrow('no luck')
  store.goOn()
  await expect.poll(() => other.count()).toBeGreaterThan(0)
  await delay(50)
  const ask = (key: string) => getOrSet(other, key, () => 'anew')
  expect(await Promise.all(['whole', 'partial', 'failed'].map(ask))).toEqual(['whole', 'anew', 'anew'])
  const { expireTime } = (await other.getEntry(['diskcache', 'getOrSet', 'whole']))!
  expect(expireTime! - Date.now()).toBeLessThanOrEqual(5_000)
})

test('a value is asked once for how long it is kept, also where it is offered later', async ({
  memory,
  store,
}) => {
  const asked: unknown[] = []
  const make = () => {
    store.stop('writes')
    return 'computed'
  }
  expect(await getOrSet(store, 'k', make, { keep: (value) => asked.push(value) > 0 })).toBe('computed')
  store.goOn()
  await expect.poll(() => new MemoryStore({ memory }).count()).toBeGreaterThan(0)
  expect(asked).toEqual(['computed'])
})

test('a kept failure is never stale: staleIfAway does not give it', async ({ memory }) => {
  class AwayStore extends MemoryStore {
    override async get(...[, options]: Parameters<MemoryStore['get']>) {
      if (options?.stale !== true) throw new Error('away')
      return { failure: { name: 'Error', message: 'past' }, softExpiry: Date.now() - 1, token: 1 } as never
    }
  }
  const options = { staleFor: 60_000, staleIfAway: true }
  expect(await getOrSet(new AwayStore({ memory }), 'k', () => 'computed', options)).toBe('computed')
})

test('a value that somebody else has stored meanwhile stays', async ({ memory, store }) => {
  const other = new MemoryStore({ memory })
  store.stop('reads', 'writes')
  expect(await getOrSet(store, 'k', () => 'offered')).toBe('offered')
  expect(await getOrSet(other, 'k', () => 'stored')).toBe('stored')
  store.goOn()
  await expect.poll(() => storeHealth(store).status).toBe('up')
  await delay(50)
  expect(await getOrSet(other, 'k', () => 'anew')).toBe('stored')
})

test('a failure that somebody else has kept meanwhile goes for a value', async ({ memory, store }) => {
  const other = new MemoryStore({ memory })
  store.stop('reads', 'writes')
  expect(await getOrSet(store, 'k', () => 'offered')).toBe('offered')
  const fail = () => Promise.reject(new Error('no luck'))
  await expect(getOrSet(other, 'k', fail, { failureTtl: 60_000 })).rejects.toThrow('no luck')
  store.goOn()
  await expect.poll(() => getOrSet(other, 'k', () => 'anew').catch(() => undefined)).toBe('offered')
})

test('a store that goes away while a value is computed keeps nobody from it', async ({ memory, store }) => {
  const make = memoizeStampede(
    store,
    () => {
      store.stop('writes')
      return 'computed'
    },
    { name: 'make' },
  )
  expect(await make()).toBe('computed')
  store.goOn()
  const other = new MemoryStore({ memory })
  await expect.poll(() => other.get(make.cacheKey())).toMatchObject({ value: 'computed' })
})

test('while a store is busy, what it has is found', async ({ store }) => {
  await getOrSet(store, 'k', () => 'stored')
  store.stop('writes')
  expect(await getOrSet(store, 'other', () => 'computed')).toBe('computed')
  expect(storeHealth(store).status).toBe('busy')
  expect(await getOrSet(store, 'k', () => expect.unreachable())).toBe('stored')
})

test('who waits for another process goes on when the store goes away', async ({ memory, store }) => {
  const other = new MemoryStore({ memory })
  const [begun, computed] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()]
  const make = () => {
    begun.resolve()
    return computed.promise
  }
  const options = { lease: 60_000 }
  const theirs = getOrSet(other, 'k', make, options)
  await begun.promise
  const ours = getOrSet(store, 'k', () => 'ours', options)
  await delay(50)
  store.stop('reads', 'writes')
  const start = performance.now()
  expect(await ours).toBe('ours')
  expect(performance.now() - start).toBeLessThan(3_000)
  computed.resolve('theirs')
  await theirs
})

test('no lock or token comes from a store that is away, unless it is back within timeout', async ({
  store,
}) => {
  store.stop('reads', 'writes')
  const lock = new Lock(store, 'k')
  const patient = lock.acquire({ timeout: 60_000 })
  await expect(lock.tryAcquire()).rejects.toMatchObject({
    code: expect.stringMatching(/_TIMEOUT$|_UNAVAILABLE$/),
  })
  await expect(new Lock(store, 'other').acquire()).rejects.toMatchObject(UNAVAILABLE)
  await expect(new Lock(store, 'other').acquire({ timeout: 50 })).rejects.toMatchObject({
    code: 'ERR_DISKCACHE_LOCK_TIMEOUT',
  })
  const bucket = new TokenBucket(store, { name: 'b', count: 1, per: 1_000 })
  await expect(bucket.take()).rejects.toMatchObject(UNAVAILABLE)
  await expect(bucket.take('k', { timeout: 50 })).rejects.toMatchObject({
    code: 'ERR_DISKCACHE_LOCK_TIMEOUT',
  })
  const taken = bucket.take('k', { timeout: 60_000 })
  taken.catch(() => {})
  await delay(50)
  store.goOn()
  await (await patient).release()
  await taken
})

test('a lock waits for a store that is busy, and who only tries does not', async ({ store }) => {
  store.stop('writes')
  const acquired = new Lock(store, 'k').acquire()
  await getOrSet(store, 'other', () => 'computed')
  await expect.poll(() => storeHealth(store).status).toBe('busy')
  await expect(new Lock(store, 'other').tryAcquire()).rejects.toMatchObject(UNAVAILABLE)
  await expect(new TokenBucket(store, { name: 'b', count: 1, per: 1_000 }).tryTake()).rejects.toMatchObject(
    UNAVAILABLE,
  )
  await delay(300)
  store.goOn()
  await (await acquired).release()
})
