import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect } from 'vitest'
import { cacheTest } from '../../tests/cache-test.ts'

const test = cacheTest()

test('memoize() computes once for equal arguments, also across stores', ({ store, reopen }) => {
  let calls = 0
  const fn = (a: number, options?: { deep: unknown }) => [++calls, a, options]
  const one = store.memoize(fn, { name: 'fn' })
  const two = reopen().memoize(fn, { name: 'fn' })
  expect(one(1, { deep: [1] })).toEqual([1, 1, { deep: [1] }])
  expect(two(1, { deep: [1] })).toEqual([1, 1, { deep: [1] }])
  expect(two(1)).toEqual([2, 1, undefined])
  expect(one(1, undefined)).toEqual([2, 1, undefined])
  expect(one.original).toBe(fn)
})

test('memoize() keeps undefined as a result', ({ store }) => {
  let calls = 0
  const fn = store.memoize(() => void calls++, { name: 'fn' })
  fn()
  fn()
  expect(calls).toBe(1)
})

test('memoize() does not confuse arguments', ({ store }) => {
  const echo = store.memoize((...args: unknown[]) => args, { name: 'echo' })
  const calls = [[], [null], ['null'], [1, 2], [[1, 2]], ['1', 2], [{ 0: 1 }], [undefined, 1], [true], [1]]
  for (const args of calls) expect(echo(...args)).toEqual(args)
  for (const args of calls) expect(echo(...args)).toEqual(args)
})

test('memoize() leaves out ignored arguments, or asks for the key', ({ store }) => {
  const first = store.memoize((a: number, b: number) => a + b, { name: 'first', ignore: [1] })
  expect([first(1, 2), first(1, 100)]).toEqual([3, 3])
  const byId = store.memoize((user: { id: number; at: number }) => user.at, {
    name: 'byId',
    key: (user) => user.id,
  })
  expect([byId({ id: 1, at: 5 }), byId({ id: 1, at: 6 }), byId({ id: 2, at: 7 })]).toEqual([5, 5, 7])
  expect(store.has(byId.cacheKey({ id: 1, at: 0 }))).toBe(true)
})

test('memoize() honours ttl and tag, and forgets', ({ store, clock }) => {
  let calls = 0
  const count = store.memoize((_: string) => ++calls, { name: 'count', ttl: 1_000, tag: 'counts' })
  expect([count('a'), count('a')]).toEqual([1, 1])
  clock.advance(1_000)
  expect(count('a')).toBe(2)
  expect([count.forget('a'), count.forget('a'), count('a')]).toEqual([true, false, 3])
  expect(store.evict('counts')).toBe(1)
})

test('memoize() shares one call among concurrent ones, and keeps the value, not the promise', async ({
  store,
  reopen,
}) => {
  let calls = 0
  const slow = async (n: number) => {
    calls++
    await null
    return n * 2
  }
  const one = store.memoize(slow, { name: 'slow' })
  expect(await Promise.all([one(1), one(1), one(1), one(2)])).toEqual([2, 2, 2, 4])
  expect(calls).toBe(2)
  expect(store.get(one.cacheKey(1))).toBe(2)
  const two = reopen().memoize((n: number) => Promise.resolve(n), { name: 'slow' })
  expect(two(1)).toBeInstanceOf(Promise)
  expect(await two(1)).toBe(2)
})

test.for([1, 0])(
  'memoize() gives a promise for what was kept after clear(): %i',
  async (n, { store, reopen }) => {
    const divide = async (divisor: number) => {
      if (divisor === 0) throw new Error('no luck')
      return 1 / divisor
    }
    const options = { name: 'divide', failureTtl: 60_000 }
    const one = store.memoize(divide, options)
    const outcome = await one(n).catch(String)
    expect(reopen().clear()).toBe(2)
    await one(n).catch(() => {})
    const two = reopen().memoize(async (_: number) => expect.unreachable(), options)
    expect(await two(n).catch(String)).toBe(outcome)
  },
)

test('memoize() in a namespace with tags keeps giving promises after evict() of these', async ({
  store,
  reopen,
}) => {
  const tagged = store.namespace('n', { tag: 't' }).memoize(async () => 1, { name: 'one' })
  const untagged = reopen()
    .namespace('n')
    .memoize(async () => 1, { name: 'one' })
  await tagged()
  expect(store.evict('t')).toBe(1)
  await untagged()
  await tagged()
  expect(store.evict('t')).toBe(0)
  expect(
    reopen()
      .namespace('n')
      .memoize(async () => 1, { name: 'one' })(),
  ).toBeInstanceOf(Promise)
})

test('memoize() keeps no failure, and forgets what is under way', async ({ store }) => {
  let calls = 0
  const flaky = store.memoize(
    async (_: string) => {
      if (++calls === 1) throw new Error('first')
      return calls
    },
    { name: 'flaky' },
  )
  await expect(Promise.all([flaky('a'), flaky('a')])).rejects.toThrow('first')
  expect(calls).toBe(1)
  const pending = flaky('a')
  flaky.forget('a')
  expect(await pending).toBe(2)
  expect(await flaky('a')).toBe(3)
})

test('memoize() passes this on', ({ store }) => {
  const counter = {
    base: 10,
    add: store.memoize(
      function (this: { base: number }, n: number) {
        return this.base + n
      },
      { name: 'add' },
    ),
  }
  expect(counter.add(1)).toBe(11)
})

test('memoize() takes the same function again, which shares results and calls under way', async ({
  store,
}) => {
  let calls = 0
  const make = () => store.memoize(async (n: number) => [n, ++calls], { name: 'slow' })
  const [one, two] = [make(), make()]
  expect(await Promise.all([one(1), two(1)])).toEqual([
    [1, 1],
    [1, 1],
  ])
  expect(await make()(1)).toEqual([1, 1])
  expect(two.forget(1)).toBe(true)
  expect(await one(1)).toEqual([1, 2])
})

test('memoize() gives what cannot be kept, and tells the channel', async ({ store }) => {
  const told: unknown[] = []
  const listen = (message: unknown) => told.push((message as { error: { code: string } }).error.code)
  subscribe('diskcache:error', listen)
  const result = { bytes: new Blob([]) }
  const sync = store.memoize(() => result, { name: 'sync' })
  const promised = store.memoize(async () => result, { name: 'promised' })
  expect([sync(), await promised(), sync()]).toEqual([result, result, result])
  expect(told).toEqual(Array(3).fill('ERR_DISKCACHE_UNSUPPORTED_VALUE'))
  unsubscribe('diskcache:error', listen)
})

test('memoize() decides by the result how long it is kept, and whether at all', async ({ store, clock }) => {
  let calls = 0
  const options = {
    ttl: ({ life }: { life: number }) => life,
    keep: ({ life }: { life: number }) => life > 1_000,
  }
  const sync = store.memoize((life: number) => ({ life, calls: ++calls }), { name: 'sync', ...options })
  const promised = store.memoize(async (life: number) => sync.original(life), {
    name: 'promised',
    ...options,
  })
  for (const memoized of [sync, promised]) {
    calls = 0
    const callsOf = async (life: number) => (await memoized(life)).calls
    expect([await callsOf(1_000), await callsOf(1_000)]).toEqual([1, 2])
    expect([await callsOf(2_000), await callsOf(3_000)]).toEqual([3, 4])
    clock.advance(2_000)
    expect([await callsOf(2_000), await callsOf(3_000)]).toEqual([5, 4])
  }
  const all = await Promise.all([promised(1_000), promised(1_000)])
  expect(all[0]).toBe(all[1])
})

test('memoize() keeps failures with failureTtl, for every process, until they are forgotten', async ({
  store,
  reopen,
  clock,
}) => {
  let calls = 0
  const fail = (text: string): string => {
    calls++
    throw Object.assign(new RangeError(text), { code: 'ERR_NO_LUCK' })
  }
  const options = {
    tag: 't',
    failureTtl: (error: unknown) => (String(error).endsWith('luck') ? 1_000 : 0),
  }
  const failAsync = async (text: string) => fail(text)
  const kinds = [fail, failAsync].map((fn) => {
    const make = (cache: typeof store) => cache.memoize<[string], unknown>(fn, { name: fn.name, ...options })
    return [make(store), make(reopen())] as const
  })
  const error = { name: 'RangeError', message: 'no luck', code: 'ERR_NO_LUCK' }
  for (const [one, two] of kinds) {
    calls = 0
    const failed = async (memoized: typeof one, text = 'no luck') => {
      await expect((async () => memoized(text))()).rejects.toMatchObject({ ...error, message: text })
      return calls
    }
    expect([await failed(one), await failed(one), await failed(two)]).toEqual([1, 1, 1])
    clock.advance(1_000)
    expect([await failed(two), await failed(one)]).toEqual([2, 2])
    expect([one.forget('no luck'), one.forget('no luck'), await failed(two)]).toEqual([true, false, 3])
    expect([store.evict('t'), await failed(two)]).toEqual([1, 4])
    expect([await failed(one, 'other'), await failed(one, 'other')]).toEqual([5, 6])
  }
  const [, promised] = kinds[1] ?? expect.unreachable()
  const pending = promised('no luck')
  expect(pending).toBeInstanceOf(Promise)
  await expect(pending).rejects.toThrow('no luck')
})

test('memoize() prefers a result to a failure, and keeps none that was forgotten meanwhile', async ({
  store,
}) => {
  const outcomes: (number | Error)[] = [new Error('no luck'), new Error('no luck'), 1]
  const flaky = store.memoize(
    async () => {
      const outcome = outcomes.shift()
      if (outcome instanceof Error) throw outcome
      return outcome
    },
    { name: 'flaky', failureTtl: 60_000 },
  )
  const pending = expect(flaky()).rejects.toThrow('no luck')
  flaky.forget()
  await pending
  await expect(flaky()).rejects.toThrow('no luck')
  expect(outcomes).toEqual([1])
  store.set(flaky.cacheKey(), 2)
  expect(await flaky()).toBe(2)
})

test('memoize() gives no failure that is older than a result, also when that has expired', async ({
  store,
  reopen,
  clock,
}) => {
  const options = { name: 'load', ttl: 1_000, failureTtl: 60_000 }
  const computed = Promise.withResolvers<string>()
  const slow = store.memoize(() => computed.promise, options)
  const outcomes: (Promise<string> | string)[] = [Promise.reject(new Error('no luck')), 'anew']
  const other = reopen().memoize(async () => outcomes.shift(), options)
  const pending = slow()
  await expect(other()).rejects.toThrow('no luck')
  computed.resolve('luck')
  expect([await pending, await other()]).toEqual(['luck', 'luck'])
  clock.advance(1_000)
  expect(await other()).toBe('anew')
})

test('forget() of a memoized function removes a failure that others keep, without failureTtl', ({
  store,
  reopen,
}) => {
  let calls = 0
  const fail = () => {
    calls++
    throw new Error('no luck')
  }
  const keeping = store.memoize(fail, { name: 'fail', failureTtl: 60_000 })
  const other = reopen().memoize(fail, { name: 'fail' })
  for (const call of [keeping, keeping, other]) expect(call).toThrow('no luck')
  expect(calls).toBe(2)
  expect([other.forget(), other.forget()]).toEqual([true, false])
  expect(keeping).toThrow('no luck')
  expect(calls).toBe(3)
})

test('memoize() gives the result where a decision goes wrong, keeps nothing, and tells the channel', async ({
  store,
}) => {
  const told: string[] = []
  const listen = (message: unknown) => told.push(String((message as { error: unknown }).error))
  subscribe('diskcache:error', listen)
  const error = new Error('no decision')
  const throwing = () => {
    throw error
  }
  const bad = [{ ttl: () => Number.NaN }, { ttl: () => -1 }, { keep: () => 1 as never }, { ttl: throwing }]
  for (const [i, options] of bad.entries()) {
    const sync = store.memoize(() => 'result', { name: `sync ${i}`, ...options })
    const promised = store.memoize(async () => 'result', { name: `promised ${i}`, ...options })
    expect([sync(), await promised()]).toEqual(['result', 'result'])
    expect([store.has(sync.cacheKey()), store.has(promised.cacheKey())]).toEqual([false, false])
  }
  const failing = store.memoize(throwing, { name: 'failing', failureTtl: () => -1 })
  expect(failing).toThrow(error)
  unsubscribe('diskcache:error', listen)
  const expected = ['result of ttl.*NaN', 'result of ttl.*-1', 'result of keep.*1', 'no decision']
  for (const [i, text] of told.entries())
    expect(text).toMatch(new RegExp(expected[i >> 1] ?? 'result of failureTtl.*-1'))
  expect(told).toHaveLength(9)
})

test.for([
  [{ ttl: -1 }, /ttl.*-1/],
  [{ ttl: '1' }, /ttl.*'1'/],
  [{ keep: 1 }, /keep.*function/],
  [{ failureTtl: Infinity }, /failureTtl.*Infinity/],
] as const)('memoize() refuses %o', ([options, message], { store }) => {
  expect(() => store.memoize(() => 1, { name: 'fn', ...(options as object) })).toThrow(message)
})

test('memoize() goes on without a store that fails, and not without one that is closed', ({
  store,
  reopen,
}) => {
  const other = reopen()
  const quick = store.memoize((n: number) => n, { name: 'quick' })
  other.transact(() => expect(store.withoutWaiting(() => quick(1))).toBe(1))
  store.close()
  expect(() => quick(1)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_CLOSED' }))
})

test('memoize() throws for another function under one name', ({ store }) => {
  store.memoize(() => 1, { name: 'fn' })
  expect(() => store.memoize(() => 2, { name: 'fn' })).toThrow(/'fn'/)
})
