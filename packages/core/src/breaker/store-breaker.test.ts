import { setTimeout as delay } from 'node:timers/promises'
import { test as base, expect } from 'vitest'
import { healthChannel } from '../contract/diagnostics.ts'
import type { Key } from '../contract/entry.ts'
import type { RecipeStore } from '../stores/recipe-store.ts'
import { guarded } from './guarded-store.ts'
import { Patience } from './patience.ts'
import { breakerOf } from './store-breaker.ts'
import { storeHealth } from './store-health.ts'

const TIMEOUT = { code: 'ERR_DISKCACHE_TIMEOUT' }
const UNAVAILABLE = { code: 'ERR_DISKCACHE_UNAVAILABLE' }

/** A store that answers at once, or when it is let go on. */
class MoodyStore {
  readonly capabilities = {}
  /** What was asked for: reads and writes. */
  readonly asked: string[] = []
  readonly #stopped = new Map<string, PromiseWithResolvers<void>>()
  /** What operations on a key fail with. */
  readonly failures = new Map<unknown, unknown>()

  stop(...kinds: string[]): void {
    for (const kind of kinds) this.#stopped.set(kind, Promise.withResolvers())
  }

  goOn(): void {
    for (const { resolve } of this.#stopped.values()) resolve()
    this.#stopped.clear()
  }

  get = (key: Key) => this.#answer('read', key)
  set = (key: Key, _value: unknown, { signal }: { signal?: AbortSignal }) =>
    this.#answer('write', key, signal)
  update = (key: Key, _change: unknown, { signal }: { signal?: AbortSignal }) =>
    this.#answer('write', key, signal)

  async #answer(kind: string, key: Key, signal?: AbortSignal): Promise<unknown> {
    this.asked.push(`${kind} ${typeof key === 'string' ? key : 'probe'}`)
    const aborted = Promise.withResolvers<never>()
    signal?.addEventListener('abort', () => aborted.reject(signal.reason))
    const stop = this.#stopped.get(`${kind} ${key}`) ?? this.#stopped.get(kind)
    await Promise.race([stop?.promise, aborted.promise])
    if (this.failures.has(key)) throw this.failures.get(key)
    return key
  }
}

const test = base.extend<{ moody: MoodyStore; store: RecipeStore; history: string[] }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  moody: async ({}, use) => {
    await use(new MoodyStore())
  },
  store: async ({ moody }, use) => {
    const store = moody as unknown as RecipeStore
    await use(store)
    moody.goOn()
    await expect.poll(() => storeHealth(store).status).toBe('up')
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  history: async ({}, use) => {
    const history: string[] = []
    const listen = (message: unknown) => void history.push((message as { reason: string }).reason)
    healthChannel.subscribe(listen)
    await use(history)
    healthChannel.unsubscribe(listen)
  },
})

function raise(error: unknown): never {
  throw error
}

/** As one call does it. */
function impatient(store: RecipeStore, storeTimeout?: number) {
  return guarded(store, new Patience({ storeTimeout }))
}

async function isAway(store: RecipeStore): Promise<void> {
  await expect.poll(() => storeHealth(store).status, { interval: 5 }).toBe('away')
}

test('a store that does not answer is waited for once, and asked in the background', async ({
  moody,
  store,
  history,
}) => {
  moody.stop('read', 'write')
  await expect(impatient(store).get('a')).rejects.toMatchObject(TIMEOUT)
  await isAway(store)
  const before = moody.asked.length
  for (let i = 0; i < 100; i++) {
    await expect(impatient(store).get('b')).rejects.toMatchObject(UNAVAILABLE)
    await expect(impatient(store).set('b', 1)).rejects.toMatchObject(UNAVAILABLE)
  }
  expect(moody.asked.slice(before).filter((asked) => asked !== 'read probe')).toEqual([])
  const { since, error } = storeHealth(store)
  expect(error).toMatchObject(TIMEOUT)
  expect(since).toBeLessThanOrEqual(Date.now())

  await expect.poll(() => moody.asked.length).toBeGreaterThan(before + 1)
  moody.goOn()
  await expect.poll(() => storeHealth(store)).toEqual({ status: 'up', since: expect.any(Number) })
  expect(await impatient(store).get('c')).toBe('c')
  expect(history).toEqual(['away', 'up'])
})

test('who tries again and again does not keep a store from coming back', async ({ moody, store }) => {
  moody.stop('read')
  await impatient(store)
    .get('a')
    .catch(() => {})
  await isAway(store)
  setTimeout(() => moody.goOn(), 10)
  const ask = () =>
    impatient(store)
      .get('a')
      .catch(() => undefined)
  for (let i = 0; i < 10_000_000 && (await ask()) === undefined; i++);
  expect(storeHealth(store).status).toBe('up')
})

test('all who wait when the store is found to be away go on at once', async ({ moody, store }) => {
  moody.stop('read', 'write')
  const patient = [guarded(store).get('a'), guarded(store).update('a', () => ({ keep: true }))]
  const others = [impatient(store, 60_000).get('b'), impatient(store, 60_000).set('b', 1)]
  const settled = Promise.allSettled([...patient, ...others])
  await expect(impatient(store).get('c')).rejects.toMatchObject(TIMEOUT)
  for (const result of await settled)
    expect(result).toMatchObject({ status: 'rejected', reason: UNAVAILABLE })
})

test('a store that is busy is read, and the patient wait to write', async ({ moody, store, history }) => {
  moody.stop('write')
  const written = impatient(store).set('a', 1)
  const lock = guarded(store).update('lock', () => ({ keep: true }))
  await expect(written).rejects.toMatchObject(TIMEOUT)
  expect(storeHealth(store).status).toBe('busy')
  await expect(impatient(store).set('b', 1)).rejects.toMatchObject(UNAVAILABLE)
  for (let i = 0; i < 10; i++) {
    expect(await impatient(store).get('b')).toBe('b')
    await delay(20)
  }
  moody.goOn()
  expect(await lock).toBe('lock')
  expect(await impatient(store).set('b', 1)).toBe('b')
  expect(history).toEqual(['busy', 'up'])
})

test('a write that its caller gave up is taken back, and one that others need goes on', async ({
  moody,
  store,
}) => {
  moody.stop('read', 'write')
  const signals: AbortSignal[] = []
  const breaker = breakerOf(store)
  const write = (isDue: boolean, patience?: Patience) =>
    breaker.run({ access: 'write', isDue, ...(patience && { patience }) }, (signal) => {
      if (signal !== undefined) signals.push(signal)
      return moody.set(isDue ? 'due' : 'a', 1, { ...(signal && { signal }) })
    })
  await expect(write(false, new Patience())).rejects.toMatchObject(TIMEOUT)
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  await isAway(store)
  await expect(write(true, new Patience())).rejects.toMatchObject(UNAVAILABLE)
  await expect(write(true)).rejects.toMatchObject(UNAVAILABLE)
  expect(moody.asked.filter((asked) => asked === 'write due')).toHaveLength(2)
  expect(signals).toHaveLength(1)
})

test.for([new Error('of this key'), new TypeError('misuse')])(
  '%s of one key says nothing of the store',
  async (error, { moody, store, history }) => {
    moody.failures.set('bad', error)
    for (let i = 0; i < 20; i++) {
      await expect(impatient(store).get('bad')).rejects.toBe(error)
      await expect(impatient(store).set('bad', 1)).rejects.toBe(error)
      expect(await impatient(store).get('good')).toBe('good')
      await delay(5)
    }
    expect(history).toEqual([])
  },
)

test('one value that takes its time keeps nobody else from the store', async ({ moody, store, history }) => {
  moody.stop('read large')
  await expect(impatient(store).get('large')).rejects.toMatchObject(TIMEOUT)
  await delay(100)
  expect(await impatient(store).get('small')).toBe('small')
  expect(history).toEqual([])
})

test('a store that fails for every key is away', async ({ moody, store, history }) => {
  const get = moody.get
  moody.get = async () => {
    throw new Error('refused')
  }
  await expect(impatient(store).get('a')).rejects.toThrow('refused')
  await isAway(store)
  expect(storeHealth(store).error).toMatchObject({ message: 'refused' })
  moody.get = get
  await expect.poll(() => storeHealth(store).status).toBe('up')
  expect(history).toEqual(['away', 'up'])
})

test.for([
  ['rejects without a reason', () => Promise.reject(undefined)],
  ['throws', () => raise(new Error('at once'))],
  ['throws nothing', () => raise(undefined)],
] as const)('a store that %s is away', async ([, get], { store }) => {
  const odd = { ...store, get } as unknown as RecipeStore
  await impatient(odd)
    .get('a')
    .catch(() => {})
  await isAway(odd)
  Object.assign(odd, { get: async () => {} })
  await expect.poll(() => storeHealth(odd).status).toBe('up')
})

test('what a store returns need not be a promise', async ({ store }) => {
  const odd = { ...store, get: (key: Key) => key } as unknown as RecipeStore
  expect(await guarded(odd).get('a')).toBe('a')
})

test('time in which this process stands still is not the store’s', async ({ store, history }) => {
  const slow = { ...store, get: (key: Key) => delay(15, key) } as RecipeStore
  for (let i = 0; i < 10; i++) {
    const read = impatient(slow).get('a')
    await delay(5)
    const end = performance.now() + 120
    while (performance.now() < end);
    expect(await read).toBe('a')
  }
  expect(history).toEqual([])
})

test('a store that answers slowly, and in time, is up', async ({ store, history }) => {
  const slow = { ...store, get: (key: Key) => delay(35, key) } as RecipeStore
  for (let i = 0; i < 20; i++) {
    const read = impatient(slow).get('a')
    await delay(10)
    expect(await impatient(slow).get('b')).toBe('b')
    expect(await read).toBe('a')
  }
  expect(history).toEqual([])
})

test('a store that answers too late each time is away until it answers in time', async ({
  store,
  history,
}) => {
  let time = 150
  const slow = { ...store, get: (key: Key) => delay(time, key) } as RecipeStore
  await expect(impatient(slow).get('a')).rejects.toMatchObject(TIMEOUT)
  await isAway(slow)
  for (let i = 0; i < 30; i++) {
    await impatient(slow)
      .get('a')
      .catch(() => delay(20))
  }
  expect(history).toEqual(['away'])
  time = 1
  await expect.poll(() => storeHealth(slow).status).toBe('up')
})

test('a hasty caller says nothing to the others', async ({ store, history }) => {
  const slow = { ...store, get: (key: Key) => delay(40, key) } as RecipeStore
  await expect(impatient(slow, 5).get('a')).rejects.toMatchObject(TIMEOUT)
  expect(await guarded(slow).get('a')).toBe('a')
  expect(history).toEqual([])
})

test('who waits long keeps nobody from finding out that the store is away', async ({ moody, store }) => {
  moody.failures.set('bad', new Error('broken off'))
  const failed = impatient(store, Infinity).get('bad')
  moody.stop('read', 'write')
  await expect(failed).rejects.toThrow('broken off')
  await expect(impatient(store).get('a')).rejects.toMatchObject(TIMEOUT)
  await isAway(store)
})

test('storeTimeout is for all operations of a call', async ({ store }) => {
  const slow = { ...store, get: (key: Key) => delay(45, key) } as RecipeStore
  const call = impatient(slow, 100)
  const reads = async () => {
    for (let i = 0; i < 10; i++) await call.get('a')
  }
  await expect(reads()).rejects.toMatchObject(TIMEOUT)
})

test('what a call reads after it has written has the time of a call that writes', async ({ store }) => {
  const slow = { ...store, get: (key: Key) => delay(20, key) } as RecipeStore
  const call = impatient(slow)
  await call.get('a')
  await call.set('a', 1)
  for (let i = 0; i < 3; i++) expect(await call.get('a')).toBe('a')
})

test('what was made while the store was away is offered once, when it is back', async ({ moody, store }) => {
  const breaker = breakerOf(store)
  const offered: string[] = []
  const offer = (id: string, value: string) => breaker.offer(id, async () => offered.push(value))
  offer('a', 'at once')
  moody.stop('read')
  await impatient(store)
    .get('a')
    .catch(() => {})
  await isAway(store)
  offer('a', 'first')
  offer('a', 'last')
  offer('b', 'forgotten')
  breaker.withdraw('b')
  for (let i = 0; i < 101; i++) offer(`many ${i}`, `${i}`)
  offer('a', 'very last')
  await delay(150)
  expect(offered).toEqual(['at once'])
  moody.goOn()
  await expect.poll(() => offered.at(-1)).toBe('very last')
  expect(offered).toHaveLength(101)
  expect(offered).not.toContain('forgotten')
})
