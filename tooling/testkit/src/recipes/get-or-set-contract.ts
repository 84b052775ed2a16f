import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { AsyncStore } from '@diskcache/core'
import { describe, expect, vi } from 'vitest'
import { asyncStoreTest, type OpenAsyncStore } from '../async-store-test.ts'
import type { FakeClock } from '../memory/fake-clock.ts'
import type { Recipes } from './recipes.ts'

const RESULT = ['diskcache', 'getOrSet', 'k']
const LEASE = ['diskcache', 'lease', 'k']

/** What `getOrSet` and `memoizeStampede` do on any engine. The store must refuse values of 2 MB. */
export function getOrSetContract(name: string, open: OpenAsyncStore, recipes: Recipes): void {
  const { getOrSet, memoizeStampede } = recipes
  const test = asyncStoreTest(open).extend<{ wall: FakeClock }>({
    // Freshness is judged by this process's clock.
    wall: [
      async ({ clock }: { clock: FakeClock }, use: (clock: FakeClock) => Promise<void>) => {
        const now = vi.spyOn(Date, 'now').mockImplementation(clock.now)
        await use(clock)
        now.mockRestore()
      },
      { auto: true },
    ],
  })

  /** Counts its runs, and finishes each when it is told to. */
  function slowly() {
    const runs: { resolve(value: unknown): void; reject(error: unknown): void; signal: AbortSignal }[] = []
    const make = ({ signal }: { signal: AbortSignal }) => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      runs.push({ resolve, reject, signal })
      return promise
    }
    return { runs, make, begun: (count: number) => until(() => runs.length >= count) }
  }

  /** The same store, and when somebody begins to wait for a lease in it. */
  function waiting(store: AsyncStore): { store: AsyncStore; begun: Promise<void> } {
    const begun = Promise.withResolvers<void>()
    const get: AsyncStore['get'] = (key, options) => {
      if (isDeepStrictEqual(key, LEASE)) begun.resolve()
      return store.get(key, options)
    }
    const proxy = new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (name === 'get') return get
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
    return { store: proxy, begun: begun.promise }
  }

  /** A value that was computed in so many milliseconds. */
  async function keep(store: AsyncStore, value: unknown, options: object, delta = 0): Promise<void> {
    let time = performance.now()
    const now = vi.spyOn(performance, 'now').mockImplementation(() => time)
    const make = () => {
      time += delta
      return value
    }
    await getOrSet(store, 'k', make, { lease: 60_000, ...options })
    now.mockRestore()
  }

  describe(`${name}: getOrSet()`, () => {
    test('computes a missing value once, and keeps it', async ({ store, reopen }) => {
      let calls = 0
      const make = () => ++calls
      expect(await getOrSet(store, 'k', make)).toBe(1)
      expect(await getOrSet(reopen(), 'k', make)).toBe(1)
      expect(await getOrSet(store, 'other', async () => make())).toBe(2)
      expect(await store.get(LEASE)).toBeUndefined()
    })

    test('keeps undefined and null as values', async ({ store }) => {
      let calls = 0
      for (const value of [undefined, null]) {
        const make = () => {
          calls++
          return value
        }
        expect(await getOrSet(store, [value], make)).toBe(value)
        expect(await getOrSet(store, [value], make)).toBe(value)
      }
      expect(calls).toBe(2)
    })

    test('all callers of all processes share one run on a cold key', async ({ store, reopen }) => {
      const { runs, make, begun } = slowly()
      const stores = [store, reopen(), reopen()]
      const calls = Array.from({ length: 75 }, (_, i) => getOrSet(stores[i % 3] as AsyncStore, 'k', make))
      await begun(1)
      await delay(30)
      runs[0]?.resolve('value')
      expect(new Set(await Promise.all(calls))).toEqual(new Set(['value']))
      expect(runs).toHaveLength(1)
    })

    test('does not keep a value whose tag was evicted while it was computed', async ({ store }) => {
      const { runs, make, begun } = slowly()
      const first = getOrSet(store, 'k', make, { tag: 't' })
      await begun(1)
      await store.evict('t')
      runs[0]?.resolve('old')
      expect(await first).toBe('old')
      expect(await store.get(RESULT)).toBeUndefined()
    })

    test('honours ttl and tag, and forgets', async ({ store, clock }) => {
      let calls = 0
      const get = () => getOrSet(store, 'k', () => ++calls, { ttl: 1_000, tag: 't', beta: 0 })
      expect([await get(), await get()]).toEqual([1, 1])
      clock.advance(1_000)
      expect([await get(), await get()]).toEqual([2, 2])
      expect(await store.evict('t')).toBe(1)
      expect(await get()).toBe(3)
      expect([await getOrSet.forget(store, 'k'), await getOrSet.forget(store, 'k')]).toEqual([true, false])
      expect(await get()).toBe(4)
    })

    test('keeps nothing with a ttl of 0, but shares a run', async ({ store }) => {
      const { runs, make, begun } = slowly()
      const calls = [1, 2, 3].map(() => getOrSet(store, 'k', make, { ttl: 0 }))
      await begun(1)
      runs[0]?.resolve(1)
      expect(await Promise.all(calls)).toEqual([1, 1, 1])
      expect(await store.count()).toBe(0)
    })
  })

  describe(`${name}: getOrSet() passes on failures`, () => {
    test('the very error in the process that computed, its description in others', async ({
      store,
      reopen,
    }) => {
      const { runs, make, begun } = slowly()
      const error = Object.assign(new RangeError('no luck'), { code: 'ERR_NO_LUCK' })
      const here = Promise.allSettled([1, 2].map(() => getOrSet(store, 'k', make)))
      await begun(1)
      const { store: other, begun: waits } = waiting(reopen())
      const there = Promise.allSettled([1, 2].map(() => getOrSet(other, 'k', make)))
      await waits
      runs[0]?.reject(error)
      for (const result of await here) expect((result as PromiseRejectedResult).reason).toBe(error)
      for (const result of await there) {
        expect(result).toMatchObject({
          reason: { name: 'RangeError', message: 'no luck', code: 'ERR_NO_LUCK' },
        })
      }
      expect(runs).toHaveLength(1)
      expect(await getOrSet(other, 'k', () => 'luck')).toBe('luck')
    })

    test('what is thrown need not be an error', async ({ store }) => {
      const odd = Object.create(null)
      await expect(getOrSet(store, 'k', () => Promise.reject(odd))).rejects.toBe(odd)
    })

    test('another process takes over from one that died', async ({ store, reopen, clock }) => {
      const dead = reopen()
      const { make, begun } = slowly()
      getOrSet(dead, 'k', make, { lease: 100 }).catch(() => {})
      await begun(1)
      await dead.close()
      const taken = getOrSet(store, 'k', () => 'taken over')
      await delay(20)
      clock.advance(100)
      expect(await taken).toBe('taken over')
    })

    test('a slow run keeps its lease', async ({ store, reopen, clock }) => {
      const { runs, make, begun } = slowly()
      const first = getOrSet(store, 'k', make, { lease: 900 })
      await begun(1)
      const lease = async () => JSON.stringify(await store.get(LEASE))
      const before = await lease()
      clock.advance(899)
      while ((await lease()) === before) await delay(20)
      clock.advance(899)
      const second = getOrSet(reopen(), 'k', make)
      await delay(30)
      expect(runs).toHaveLength(1)
      runs[0]?.resolve('slow')
      expect(await Promise.all([first, second])).toEqual(['slow', 'slow'])
    })
  })

  describe(`${name}: getOrSet() and signals`, () => {
    test('a caller that gives up leaves the others alone', async ({ store }) => {
      const { runs, make, begun } = slowly()
      const reason = new Error('enough')
      const controller = new AbortController()
      const impatient = getOrSet(store, 'k', make, { signal: controller.signal })
      const hasty = getOrSet(store, 'k', make, { timeout: 20 })
      const patient = getOrSet(store, 'k', make)
      await begun(1)
      controller.abort(reason)
      await expect(impatient).rejects.toBe(reason)
      await expect(hasty).rejects.toMatchObject({ code: 'ERR_DISKCACHE_LOCK_TIMEOUT' })
      expect(runs[0]?.signal.aborted).toBe(false)
      runs[0]?.resolve('value')
      expect(await patient).toBe('value')
      expect(runs[0]?.signal.aborted).toBe(false)
    })

    test('when all have given up, the run is aborted, and the next caller begins anew', async ({
      store,
      reopen,
    }) => {
      const { runs, make, begun } = slowly()
      const controllers = [new AbortController(), new AbortController()]
      const calls = controllers.map(({ signal }) => getOrSet(store, 'k', make, { signal }))
      const results = Promise.allSettled(calls)
      await begun(1)
      const elsewhere = getOrSet(reopen(), 'k', () => 'elsewhere')
      await delay(30)
      controllers[0]?.abort()
      expect(runs[0]?.signal.aborted).toBe(false)
      controllers[1]?.abort()
      await results
      expect(runs[0]?.signal.aborted).toBe(true)
      runs[0]?.reject(runs[0].signal.reason)
      expect(await elsewhere).toBe('elsewhere')
      expect(await getOrSet(store, 'k', make)).toBe('elsewhere')
    })

    test('an aborted signal rejects with its reason, also when the value is there', async ({ store }) => {
      const reason = new Error('aborted')
      const signal = AbortSignal.abort(reason)
      await expect(getOrSet(store, 'k', () => 1, { signal })).rejects.toBe(reason)
      await getOrSet(store, 'k', () => 1)
      await expect(getOrSet(store, 'k', () => 1, { signal })).rejects.toBe(reason)
    })
  })

  describe(`${name}: getOrSet() computes anew in the background`, () => {
    test('early by chance: the sooner, the longer it takes and the less time is left', async ({
      store,
      clock,
    }) => {
      await keep(store, 'old', { ttl: 10_000 }, 1_000)
      const random = vi.spyOn(Math, 'random')
      const calls: string[] = []
      const get = (draw: number) => {
        random.mockReturnValueOnce(draw)
        return getOrSet(store, 'k', () => String(calls.push('new') && 'new'), { ttl: 10_000 })
      }
      clock.advance(8_000)
      expect(await get(Math.exp(-1.9))).toBe('old')
      await delay(20)
      expect(calls).toEqual([])
      expect(await get(Math.exp(-2.1))).toBe('old')
      random.mockRestore()
      await until(() => calls.length === 1)
      await settled(store, 'new')
      expect(await getOrSet(store, 'k', () => 'unused', { ttl: 10_000 })).toBe('new')
    })

    test('never early with beta 0, and never without ttl', async ({ store, clock }) => {
      const random = vi.spyOn(Math, 'random').mockReturnValue(1e-300)
      await keep(store, 'old', { ttl: 10_000 }, 1_000)
      clock.advance(9_999)
      const unused = () => expect.unreachable()
      expect(await getOrSet(store, 'k', unused, { ttl: 10_000, beta: 0 })).toBe('old')
      await keep(store, 'unused', { ttl: 10_000 })
      await getOrSet(store, 'eternal', () => 'value')
      clock.advance(1e12)
      expect(await getOrSet(store, 'eternal', unused)).toBe('value')
      random.mockRestore()
    })

    test('a stale value is served while one caller of all processes computes it', async ({
      store,
      reopen,
      clock,
    }) => {
      const options = { ttl: 1_000, staleFor: 5_000 }
      await keep(store, 'old', options)
      clock.advance(1_500)
      const { runs, make, begun } = slowly()
      const stores = [store, reopen()]
      const get = () => stores.map((store) => getOrSet(store, 'k', make, options))
      expect(await Promise.all([...get(), ...get()])).toEqual(['old', 'old', 'old', 'old'])
      await begun(1)
      await delay(20)
      expect(await Promise.all(get())).toEqual(['old', 'old'])
      expect(runs).toHaveLength(1)
      runs[0]?.resolve('new')
      await settled(store, 'new')
      expect(await Promise.all(get())).toEqual(['new', 'new'])
    })

    test('a stale value goes when its time is up, and is not served to those who accept none', async ({
      store,
      clock,
    }) => {
      const options = { ttl: 1_000, staleFor: 5_000 }
      await keep(store, 'old', options)
      clock.advance(1_000)
      expect(await getOrSet(store, 'k', () => 'strict', { ttl: 1_000 })).toBe('strict')
      await keep(store, 'unused', options)
      clock.advance(6_000)
      expect(await getOrSet(store, 'k', () => 'anew', options)).toBe('anew')
    })

    test('an error keeps the stale value, reaches onError, and nobody tries again for a second', async ({
      store,
      clock,
    }) => {
      const errors: unknown[] = []
      const error = new Error('backend down')
      let calls = 0
      const make = () => {
        calls++
        throw error
      }
      const options = { ttl: 1_000, staleFor: 60_000, onError: (error: unknown) => errors.push(error) }
      await keep(store, 'old', options)
      clock.advance(1_500)
      expect(await getOrSet(store, 'k', make, options)).toBe('old')
      await until(() => errors.length > 0)
      await until(async () => (await store.get(LEASE)) !== undefined)
      expect(await getOrSet(store, 'k', make, options)).toBe('old')
      await delay(20)
      expect([calls, errors]).toEqual([1, [error]])
      clock.advance(1_000)
      expect(await getOrSet(store, 'k', make, options)).toBe('old')
      await until(() => errors.length > 1)
    })

    test('onError itself may fail', async ({ store, clock }) => {
      let told = 0
      const onError = async () => {
        told++
        throw new Error('second')
      }
      const options = { ttl: 1_000, staleFor: 60_000, onError }
      await keep(store, 'old', options)
      clock.advance(1_500)
      await getOrSet(store, 'k', () => Promise.reject(new Error('first')), options)
      await until(() => told > 0)
    })
  })

  describe(`${name}: getOrSet.forget()`, () => {
    test('keeps what is being computed from being stored, and later callers from sharing it', async ({
      store,
      reopen,
    }) => {
      const { runs, make, begun } = slowly()
      const before = getOrSet(store, 'k', make)
      await begun(1)
      expect(await getOrSet.forget(reopen(), 'k')).toBe(false)
      expect(await getOrSet.forget(store, 'k')).toBe(false)
      const after = getOrSet(store, 'k', make)
      await begun(2)
      runs[0]?.resolve('outdated')
      expect(await before).toBe('outdated')
      expect(await store.get(RESULT)).toBeUndefined()
      runs[1]?.resolve('current')
      expect(await after).toBe('current')
      expect(await getOrSet(store, 'k', make)).toBe('current')
    })
  })

  describe(`${name}: getOrSet() does without the store`, () => {
    test.for([
      ['too large', () => Buffer.alloc(2_000_000), 'ERR_DISKCACHE_TOO_LARGE'],
      ['of no kind that can be kept', () => () => {}, 'ERR_DISKCACHE_UNSUPPORTED_VALUE'],
    ] as const)(
      'when the value is %s: all get it, those of other processes by computing it, and onError is told',
      async ([, make, code], { store, reopen }) => {
        const errors: unknown[] = []
        const first = slowly()
        const others = slowly()
        const onError = (error: unknown) => errors.push(error)
        const results = [getOrSet(store, 'k', first.make, { onError })]
        await first.begun(1)
        for (const waiter of [waiting(reopen()), waiting(reopen())]) {
          results.push(getOrSet(waiter.store, 'k', others.make))
          await waiter.begun
        }
        const value = make()
        first.runs[0]?.resolve(value)
        expect(await results[0]).toBe(value)
        await others.begun(2)
        for (const { resolve } of others.runs) resolve('own')
        expect(await Promise.all(results)).toEqual([value, 'own', 'own'])
        expect(errors).toMatchObject([{ code }])
      },
    )

    test('but not when it is closed, or used wrongly', async ({ store, reopen }) => {
      await expect(getOrSet(store, Symbol('k') as never, () => 1)).rejects.toThrow(TypeError)
      await expect(getOrSet(store, 'k', () => 1, { tag: {} as never })).rejects.toThrow(TypeError)
      const closed = reopen()
      await closed.close()
      await expect(getOrSet(closed, 'k', () => 1)).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    })
  })

  describe(`${name}: memoizeStampede()`, () => {
    test('computes once for equal arguments, over all processes', async ({ store, reopen }) => {
      let calls = 0
      const fn = async (a: number, b?: { deep: unknown }) => [++calls, a, b]
      const one = memoizeStampede(store, fn, { name: 'fn' })
      const two = memoizeStampede(reopen(), fn, { name: 'fn' })
      expect(await Promise.all([one(1, { deep: [1] }), one(1, { deep: [1] })])).toEqual([
        [1, 1, { deep: [1] }],
        [1, 1, { deep: [1] }],
      ])
      expect(await two(1, { deep: [1] })).toEqual([1, 1, { deep: [1] }])
      expect(await two(1)).toEqual([2, 1, undefined])
      expect(await one(1, undefined)).toEqual([2, 1, undefined])
      expect(await store.has(one.cacheKey(1))).toBe(true)
      expect(one.original).toBe(fn)
    })

    test('does not confuse arguments, or functions', async ({ store }) => {
      const echo = memoizeStampede(store, (...args: unknown[]) => args, { name: 'echo' })
      const other = memoizeStampede(store, () => 'other', { name: 'other' })
      const calls = [
        [],
        [null],
        ['null'],
        [1, 2],
        [[1, 2]],
        ['1', 2],
        [{ 0: 1 }],
        [undefined, 1],
        [true],
        [1],
      ]
      for (const args of [...calls, ...calls]) expect(await echo(...args)).toEqual(args)
      expect(await other()).toBe('other')
      expect(() => memoizeStampede(store, () => 2, { name: 'echo' })).toThrow(/'echo'/)
    })

    test('passes this on, leaves out ignored arguments, and asks for the key', async ({ store }) => {
      const object = {
        base: 10,
        add: memoizeStampede(
          store,
          async function (this: { base: number }, a: number, _request: number) {
            return this.base + a
          },
          { name: 'add', ignore: [1] },
        ),
      }
      expect([await object.add(1, 5), await object.add(1, 6)]).toEqual([11, 11])
      const byId = memoizeStampede(store, (user: { id: number; at: number }) => user.at, {
        name: 'byId',
        key: ({ id }) => id,
      })
      expect([await byId({ id: 1, at: 5 }), await byId({ id: 1, at: 6 })]).toEqual([5, 5])
    })

    test('forgets', async ({ store }) => {
      let calls = 0
      const count = memoizeStampede(store, (_: string) => ++calls, { name: 'count', ttl: 60_000 })
      expect([await count('a'), await count('a')]).toEqual([1, 1])
      expect([await count.forget('a'), await count.forget('a'), await count('a')]).toEqual([true, false, 2])
    })
  })

  /** The background run has finished, and given its lease back. */
  async function settled(store: AsyncStore, value: unknown): Promise<void> {
    await until(async () => ((await store.get(RESULT)) as { value: unknown } | undefined)?.value === value)
    await until(async () => (await store.get(LEASE)) === undefined)
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(1)
}
