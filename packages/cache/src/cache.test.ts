import { execFileSync } from 'node:child_process'
import { existsSync, realpathSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Key, Store, Synchronous } from '@diskcache/core'
import { Disk, JSONDisk } from '@diskcache/core'
import { describe, expect, expectTypeOf, onTestFinished, test as plainTest, vi } from 'vitest'
import { cacheTest, LARGE, valueFiles } from '../tests/cache-test.ts'
import { Cache } from './cache.ts'

const test = cacheTest()

/** A codec that does not hand its options on. */
class Deaf extends Disk {
  static override readonly codec = 'deaf'
  constructor() {
    super({})
  }
}

plainTest('new Cache() without a directory makes a temporary one', () => {
  using cache = new Cache()
  expect(cache.directory.startsWith(realpathSync(tmpdir()))).toBe(true)
  expect(existsSync(cache.directory)).toBe(true)
})

plainTest('new Cache() refuses an empty path, which would be the working directory', () => {
  expect(() => new Cache('')).toThrow(RangeError)
})

plainTest('close() removes a temporary directory, once nobody has it open', async () => {
  const cache = new Cache()
  const { directory } = cache
  const other = new Cache(directory)
  cache.set('k', LARGE)
  cache.close()
  expect(other.get('k')).toBe(LARGE)
  other.close()
  expect(existsSync(directory)).toBe(true)
  rmSync(directory, { recursive: true })
  const alone = new Cache()
  await alone.promises.set('k', LARGE)
  await alone.promises.close()
  expect(existsSync(alone.directory)).toBe(false)
})

plainTest('the end of the process removes a temporary directory', () => {
  const module = createRequire(import.meta.url).resolve('@diskcache/cache')
  const source = `const { Cache } = require(${JSON.stringify(module)}); const cache = new Cache(); cache.set('k', 1); console.log(cache.directory)`
  const directory = execFileSync(process.execPath, ['-e', source], { encoding: 'utf8' }).trim()
  expect([directory.startsWith(realpathSync(tmpdir())), existsSync(directory)]).toEqual([true, false])
})

test('new Cache() takes a path as fs takes it', ({ store, directory }) => {
  store.set('k', 1)
  for (const path of [pathToFileURL(directory), Buffer.from(directory)]) {
    using other = new Cache(path)
    expect([other.directory, other.get('k')]).toEqual([directory, 1])
  }
})

plainTest('Cache goes by fake timers that begin after it was opened', async () => {
  using cache = new Cache()
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'setImmediate', 'queueMicrotask', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  cache.set('k', 1, { ttl: 60_000 })
  vi.advanceTimersByTime(59_999)
  expect(await cache.promises.get('k')).toBe(1)
  vi.advanceTimersByTime(1)
  expect([cache.get('k'), await cache.promises.get('k')]).toEqual([undefined, undefined])
})

plainTest('AsyncCache.waitFor() hears of other connections while timers are fake', async () => {
  using cache = new Cache()
  using other = new Cache(cache.directory)
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const waiting = cache.promises.waitFor(['k'], { signal: new AbortController().signal })
  other.set('k', 1)
  await waiting
  expect(await cache.promises.get('k')).toBe(1)
})

plainTest('Cache has the types that it is told', () => {
  using cache = new Cache<string, { name: string }>()
  expectTypeOf(cache.get('k')).toEqualTypeOf<{ name: string } | undefined>()
  expectTypeOf(cache.set).parameter(1).toEqualTypeOf<{ name: string }>()
  const doubled = cache.memoize((n: number) => n * 2, { name: 'doubled' })
  expectTypeOf(doubled).toBeCallableWith(2)
  expectTypeOf(doubled(1)).toEqualTypeOf<number>()
})

plainTest('Cache has no types for what throws at run time', async () => {
  using users = new Cache<string, { name: string }>()
  using numbers = new Cache<string, number>()
  using mixed = new Cache<string, number | string>()
  using anything = new Cache()
  for (const counters of [numbers, mixed, anything]) expect(counters.incr('n')).toBe(1)
  // @ts-expect-error: the values are no numbers
  users.incr('n')
  // @ts-expect-error: the values are no numbers
  await users.promises.decr('n')
  // @ts-expect-error: a change is one of three
  expect(() => anything.update('k', () => ({ set: 1, delete: true }))).toThrow(TypeError)
  // @ts-expect-error: a change is one of three
  expect(() => anything.update('k', () => ({ keep: true, delete: true }))).toThrow(TypeError)
  // @ts-expect-error: a callback must not be asynchronous
  expect(() => anything.update('k', async () => ({ keep: true }))).toThrow(TypeError)
  numbers.update('n', (entry) =>
    entry === undefined ? { keep: true } : { set: entry.value + 1, ttl: 1_000 },
  )
  numbers.update('n', (entry) => (entry?.value === 2 ? { delete: true } : { set: 1 }))
  // @ts-expect-error: a body must not be asynchronous
  await expect(numbers.promises.transact(async (store) => store.get('n'))).rejects.toThrow(TypeError)
  expectTypeOf(numbers.transact(() => numbers.get('n'))).toEqualTypeOf<number | undefined>()
  expectTypeOf(numbers.transact(() => ['a', 1] as const)).toEqualTypeOf<readonly ['a', 1]>()
  expectTypeOf(numbers.transact(() => {})).toEqualTypeOf<void>()
  expectTypeOf(await numbers.promises.transact((store) => store.incr('n'))).toEqualTypeOf<number>()
  const wrapped = <T>(body: () => Synchronous<T>): T => numbers.transact<T>(body)
  expectTypeOf(wrapped(() => 1)).toEqualTypeOf<number>()
  // @ts-expect-error: a body must not be asynchronous at times either
  expect(() => numbers.transact(() => (numbers.size < 0 ? 1 : Promise.resolve(1)))).toThrow(TypeError)
})

plainTest('transact() and withoutWaiting() take bodies of functions that are generic', async () => {
  using store = new Cache()
  const transact = <T>(body: () => T): T => store.transact(body)
  const first = <T>(list: T[]): T | undefined => store.transact(() => list[0])
  const later = <T>(body: (inner: Store) => T): Promise<T> => store.promises.transact(body)
  const atOnce = <T extends object>(body: () => T): T => store.withoutWaiting(() => body())
  expectTypeOf(transact(() => 1)).toEqualTypeOf<number>()
  expectTypeOf(first(['a'])).toEqualTypeOf<string | undefined>()
  expectTypeOf(await later((inner) => inner.set('k', 1))).toEqualTypeOf<boolean>()
  expectTypeOf(atOnce(() => ({ a: 1 }))).toEqualTypeOf<{ a: number }>()
  expectTypeOf(store.transact(() => JSON.parse('1'))).toBeAny()
  expectTypeOf(store.transact(() => store.get('k'))).toBeUnknown()
  expect(() => transact(async () => 1)).toThrow(TypeError)
})

plainTest('Cache has counters where its values may be numbers', () => {
  using either = new Cache<string, number | bigint>()
  using bigints = new Cache<string, bigint>()
  either.set('n', 5n)
  expect(either.incr('n')).toBe(6)
  expect(either.get('n')).toBe(6)
  // @ts-expect-error: what is counted becomes a number, and these values are none
  bigints.incr('n')
})

describe('transact()', () => {
  test('brings file values back when it fails, and leaves no orphan', ({ store }) => {
    store.set('kept', LARGE)
    store.set('deleted', `${LARGE}2`)
    const undone = new Error('undone')
    const body = () => {
      store.set('kept', `${LARGE}3`)
      store.transact(() => store.set('kept', `${LARGE}4`))
      store.delete('deleted')
      store.pop('kept')
      store.push(LARGE)
      throw undone
    }
    expect(() => store.transact(body)).toThrow(undone)
    expect(store.getMany(['kept', 'deleted'])).toEqual([LARGE, `${LARGE}2`])
    expect(valueFiles(store)).toHaveLength(2)
  })

  test('keeps the outer part when a nested one fails and is caught', ({ store }) => {
    store.set('a', LARGE)
    store.transact(() => {
      store.set('b', LARGE)
      expect(() =>
        store.transact(() => {
          store.set('a', 'gone')
          store.set('b', 'gone')
          throw new Error('inner')
        }),
      ).toThrow('inner')
      store.set('c', LARGE)
    })
    expect(store.getMany(['a', 'b', 'c'])).toEqual([LARGE, LARGE, LARGE])
    expect(valueFiles(store)).toHaveLength(3)
  })

  test('refuses an asynchronous body', ({ store }) => {
    // @ts-expect-error: a body must not be asynchronous
    expect(() => store.transact(async () => store.set('a', 1))).toThrow(TypeError)
    expect(store.has('a')).toBe(false)
  })

  test('cannot be closed from within', ({ store }) => {
    expect(() => store.transact(() => store.close())).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_REENTRANT' }),
    )
    expect(store.set('a', 1)).toBe(true)
  })
})

describe('set() and get()', () => {
  test.for([
    ['a carriage return', `${'a\r\nb\rc\n'.repeat(10_000)}`],
    ['NUL', 'a\0b'],
    ['large text beyond ASCII', 'ü€😀'.repeat(20_000)],
    ['large bytes', Buffer.alloc(100_000, 'bytes')],
    ['an empty string', ''],
    ['empty bytes', Buffer.alloc(0)],
    ['a large object', { list: Array.from({ length: 20_000 }, (_, i) => i) }],
    ['negative zero', -0],
    ['a lone surrogate', '\ud800'],
    ['undefined', undefined],
    ['null', null],
    ['a safe bigint', 5n],
  ] as [string, unknown][])('keep %s exactly', ([, value], { store }) => {
    store.set('key', value)
    expect(store.get('key')).toStrictEqual(value)
    expect(store.getEntry('key')?.value).toStrictEqual(value)
  })

  test('give a Buffer for any bytes', ({ store }) => {
    store.set('bytes', Uint8Array.of(1, 2))
    expect(store.get('bytes')).toStrictEqual(Buffer.of(1, 2))
  })

  test('treat 1, 1n and 1.0 as one key, and true as another', ({ store }) => {
    store.set(1, 'number')
    store.set(true, 'boolean')
    store.set(1n, 'bigint')
    store.set(0, 'zero')
    expect(store.getMany([1, 1.0, 1n, true, -0])).toEqual(['bigint', 'bigint', 'bigint', 'boolean', 'zero'])
    expect(store.size).toBe(3)
  })

  test('find a structured key whatever the order of its properties', ({ store }) => {
    store.set({ a: 1, b: [2] }, 'found')
    expect(store.get({ b: [2n], a: 1, c: undefined })).toBe('found')
    for (const key of store.keys()) expect(store.get(key)).toBe('found')
  })

  test('tell 2^53 from 2^53 + 1, also by iteration', ({ store }) => {
    store.set(2n ** 53n, 'even')
    store.set(2n ** 53n + 1n, 'odd')
    expect([...store.keys()].map((key) => store.get(key))).toEqual(['even', 'odd'])
  })

  test('expire with the clock', ({ store, clock }) => {
    store.set('a', 1, { ttl: 1_000 })
    expect(store.getEntry('a')?.expireTime).toBe(clock.time + 1_000)
    clock.advance(999)
    expect(store.get('a')).toBe(1)
    clock.advance(1)
    expect([store.get('a'), store.has('a'), store.size]).toEqual([undefined, false, 1])
    expect(store.add('a', 2)).toBe(true)
  })

  test('with ttl 0 remove the key', ({ store }) => {
    store.set('a', LARGE)
    expect(store.set('a', LARGE, { ttl: 0 })).toBe(true)
    expect(store.add('a', 1, { ttl: 0 })).toBe(false)
    expect(store.size).toBe(0)
    expect(valueFiles(store)).toEqual([])
  })

  test('clear expiry and tag when set() does not give them', ({ store }) => {
    store.set('a', 1, { ttl: 1_000, tag: 't' })
    store.set('a', 2)
    expect(store.getEntry('a')).toEqual({ value: 2, expireTime: null, tags: [] })
  })
})

describe('update()', () => {
  test('keeps expiry and tag that a change leaves out, and replaces what it gives', ({ store, clock }) => {
    store.set('a', 1, { ttl: 1_000, tag: 't' })
    expect(store.update('a', (_, now) => ({ set: now }))).toEqual({
      value: clock.time,
      expireTime: clock.time + 1_000,
      tags: ['t'],
    })
    expect(store.update('a', () => ({ set: 2, ttl: Infinity, tag: [] }))).toEqual({
      value: 2,
      expireTime: null,
      tags: [],
    })
  })

  test('changes nothing when the callback throws, or gives no legal change', ({ store }) => {
    store.set('a', 1)
    const changes: unknown[] = [
      undefined,
      1,
      {},
      { set: 1, delete: true },
      { set: 1, expire: 3 },
      { set: () => {} },
      { set: 1, ttl: -1 },
    ]
    for (const change of changes) expect(() => store.update('a', () => change as never)).toThrow()
    expect(() => store.update('a', (async () => ({ set: 2 })) as never)).toThrow(/promise/)
    expect(store.get('a')).toBe(1)
  })

  test('sees an expired entry as absent', ({ store, clock }) => {
    store.set('a', 1, { ttl: 10, tag: 't' })
    clock.advance(10)
    expect(store.update('a', (entry) => ({ set: entry === undefined }))).toEqual({
      value: true,
      expireTime: null,
      tags: [],
    })
  })
})

describe('incr() and decr()', () => {
  test('count from initial, and apply options only to a new row', ({ store, clock }) => {
    expect(store.incr('a', 2, { initial: 40, ttl: 1_000, tag: 't' })).toBe(42)
    clock.advance(500)
    expect(store.decr('a', 2, { ttl: 9_000, tag: 'u' })).toBe(40)
    expect(store.getEntry('a')).toEqual({ value: 40, expireTime: clock.time + 500, tags: ['t'] })
    clock.advance(500)
    expect(store.incr('a')).toBe(1)
  })

  test('add fractions', ({ store }) => {
    store.set('a', 0.5)
    expect(store.incr('a', 0.25)).toBe(0.75)
  })

  test('throw where there is no number, or no safe result', ({ store }) => {
    expect(() => store.incr('missing', 1, { initial: null })).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_KEY_MISSING', key: 'missing' }),
    )
    store.set('text', '1')
    expect(() => store.incr('text')).toThrow(TypeError)
    store.set('large', Number.MAX_SAFE_INTEGER)
    expect(() => store.incr('large')).toThrow(RangeError)
    store.set('bigint', 2n ** 60n)
    expect(() => store.decr('bigint')).toThrow(RangeError)
    expect(() => store.incr('new', Number.NaN)).toThrow(/delta/)
    expect(store.getMany(['text', 'large', 'missing', 'new'])).toEqual([
      '1',
      Number.MAX_SAFE_INTEGER,
      undefined,
      undefined,
    ])
  })

  test('work with a codec that knows no numbers', ({ store }) => {
    store.set('n', 1)
    expect(store.incr('n', 2)).toBe(3)
  })
})

describe('settings', () => {
  test('are stored, and followed by other stores within a second of the clock', ({
    store,
    reopen,
    clock,
  }) => {
    const other = reopen()
    store.configure({ sizeLimit: 2_000, statistics: true })
    expect(other.settings).toMatchObject({ sizeLimit: 2_000, statistics: true, cullLimit: 10 })
    clock.advance(1_000)
    expect(other.set('large', 'x'.repeat(2_001))).toBe(false)
    other.get('x')
    expect(other.stats()).toEqual({ hits: 0, misses: 1, dropped: 0 })
    other.close()
    expect(store.stats().misses).toBe(1)
  })

  test('are as before when the transaction that changed them is undone', ({ store }) => {
    const undone = () =>
      store.transact(() => {
        store.configure({ sizeLimit: 2_000 })
        throw new Error('undone')
      })
    expect(undone).toThrow('undone')
    expect(store.set('large', 'x'.repeat(2_001))).toBe(true)
  })

  test('are changed by promises in their turn', async ({ store }) => {
    const { promises } = store
    const large = 'x'.repeat(2_001)
    const results = await Promise.all([
      promises.set('a', large),
      promises.configure({ sizeLimit: 2_000, statistics: true }),
      promises.get('b'),
      promises.stats(),
    ])
    expect(results).toEqual([true, undefined, undefined, { hits: 0, misses: 1, dropped: 0 }])
    expect(await promises.set('b', large)).toBe(false)
    expect(store.settings.sizeLimit).toBe(2_000)
    await expect(promises.configure({ cullLimit: -1 })).rejects.toThrow(RangeError)
    await expect(promises.configure({}, { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
  })

  test('that are not given stay as they are stored', ({ store, directory }) => {
    store.configure({ cullLimit: 3 })
    using again = new Cache(directory, { minFileSize: 10 })
    expect(again.settings).toMatchObject({ cullLimit: 3, minFileSize: 10 })
  })
})

describe('compressLevel', () => {
  const value = Array.from({ length: 500 }, (_, i) => `line ${i % 7}`)
  const lengthOf = (store: Cache) => {
    store.set('key', value)
    const [file] = valueFiles(store)
    return statSync(join(store.directory, file as string)).size
  }

  test('is a setting of the directory, which JSONDisk follows', ({ directory }) => {
    using store = new Cache(directory, { disk: JSONDisk, compressLevel: 0, minFileSize: 0 })
    expect([store.settings.compressLevel, lengthOf(store) > 4_000]).toEqual([0, true])
    using other = new Cache(directory, { disk: JSONDisk })
    expect([other.settings.compressLevel, lengthOf(other) > 4_000]).toEqual([0, true])
    other.configure({ compressLevel: 9 })
    expect([store.settings.compressLevel, lengthOf(store) < 400, other.get('key')]).toEqual([9, true, value])
  })

  test('is refused where the codec does not compress', async ({ store, directory }) => {
    expect(() => store.configure({ compressLevel: 1 })).toThrow(/JSONDisk/)
    await expect(store.promises.configure({ compressLevel: 1 })).rejects.toThrow(/JSONDisk/)
    expect(() => new Cache(directory, { compressLevel: 1 })).toThrow(/JSONDisk/)
    expect(() => new Cache(directory, { initialSettings: { compressLevel: 1 } })).toThrow(/JSONDisk/)
  })
})

describe('stats()', () => {
  test('does not enable by asking, and resets on demand', ({ store }) => {
    store.get('a')
    expect(store.stats()).toEqual({ hits: 0, misses: 0, dropped: 0 })
    store.stats({ enable: true })
    store.set('a', 1)
    store.get('a')
    store.get('b')
    store.has('a')
    expect(store.stats({ reset: true })).toEqual({ hits: 1, misses: 1, dropped: 0 })
    expect(store.stats({ enable: false })).toEqual({ hits: 0, misses: 0, dropped: 0 })
  })
})

describe('readonly', () => {
  test('reads, and writes nothing', ({ store, directory, clock }) => {
    store.set('a', LARGE, { ttl: 10 })
    using reader = new Cache(directory, { readonly: true, clock: clock.now })
    expect(reader.get('a')).toBe(LARGE)
    const refused = expect.objectContaining({ code: 'ERR_DISKCACHE_READONLY' })
    for (const write of [
      () => reader.set('b', LARGE),
      () => reader.delete('a'),
      () => reader.clear(),
      () => reader.incr('n'),
    ]) {
      expect(write).toThrow(refused)
    }
    expect(valueFiles(store)).toHaveLength(1)
  })
})

describe('Bad arguments are refused by name, and nothing is written', () => {
  test.for<[string, (store: Cache) => unknown, new () => Error]>([
    ['ttl', (store) => store.set('k', 1, { ttl: -1 }), RangeError],
    ['ttl', (store) => store.set('k', 1, { ttl: Number.NaN }), RangeError],
    ['ttl', (store) => store.set('k', 1, { ttl: '5' as never }), TypeError],
    ['ttl', (store) => store.touch('k', {} as never), TypeError],
    ["'expire'", (store) => store.set('k', 1, { expire: 5 } as never), TypeError],
    ['the write options', (store) => store.set('k', 1, 5 as never), TypeError],
    ['tag', (store) => store.set('k', 1, { tag: Array.from({ length: 129 }, (_, i) => i) }), RangeError],
    ['tag', (store) => store.set('k', LARGE, { tag: {} as never }), TypeError],
    ['tag', (store) => store.evict(Symbol('t') as never), TypeError],
    ['pin', (store) => store.set('k', 1, { pin: 1 as never }), TypeError],
    ['a function', (store) => store.update('k', {} as never), TypeError],
    ['a key', (store) => store.set(undefined as never, LARGE), TypeError],
    [
      'a key',
      (store) =>
        store.setMany([
          ['ok', LARGE],
          [() => {}, 1],
        ]),
      TypeError,
    ],
    ['[key, value]', (store) => store.setMany([['ok', LARGE], 'k'] as never), TypeError],
    [
      'value.f',
      (store) =>
        store.setMany([
          ['ok', LARGE],
          ['k', { f() {} }],
        ]),
      Error,
    ],
    ['delta', (store) => store.incr('k', '1' as never), TypeError],
    ['initial', (store) => store.incr('k', 1, { initial: 'a' as never }), TypeError],
    ['side', (store) => store.push(LARGE, { side: 'left' as never }), RangeError],
    ['prefix', (store) => store.push(LARGE, { prefix: 5 as never }), TypeError],
    ['order', (store) => store.keys({ order: 'random' as never }), RangeError],
    ["'limit'", (store) => store.entries({ limit: 5 } as never), TypeError],
    ['prefix', (store) => store.clear({ prefix: 1 as never }), TypeError],
    ['fix', (store) => store.check({ fix: 1 as never }), TypeError],
    ['body', (store) => store.transact(5 as never), TypeError],
    ['name', (store) => store.memoize(() => 1, {} as never), TypeError],
    ['fn', (store) => store.memoize(5 as never, { name: 'n' }), TypeError],
    ['ignore', (store) => store.memoize(() => 1, { name: 'n', ignore: ['x' as never] }), TypeError],
    ['cullLimit', (store) => store.configure({ cullLimit: -1 }), RangeError],
    ["'size'", (store) => store.configure({ size: 1 } as never), TypeError],
    ['last', (store) => store.peekItem({ last: 'yes' as never }), TypeError],
  ])('%s in %s', ([name, act, type], { store }) => {
    expect(() => act(store)).toThrow(type)
    expect(() => act(store)).toThrow(name)
    expect([store.size, valueFiles(store)]).toEqual([0, []])
  })

  plainTest.for<[string, unknown, new () => Error]>([
    ['timeout', { timeout: -1 }, RangeError],
    ['openTimeout', { openTimeout: Number.NaN }, RangeError],
    ["'size'", { initialSettings: { size: 1 } }, TypeError],
    ['clock', { clock: 5 }, TypeError],
    ['disk', { disk: class {} }, TypeError],
    ['classes', { classes: new Map() }, TypeError],
    ["'Deaf'", { classes: 'plain', disk: Deaf }, TypeError],
    ["'sizelimit'", { sizelimit: 1 }, TypeError],
    ['sizeLimit', { sizeLimit: 0.5 }, RangeError],
  ])('%s in the constructor', ([name, options, type]) => {
    expect(() => new Cache(undefined, options as never)).toThrow(type)
    expect(() => new Cache(undefined, options as never)).toThrow(name)
  })
})

test('Cache leaves a value alone whose class this process does not know', async ({ store, directory }) => {
  class Point {
    x = 1
  }
  const point = { type: Point, write: () => null, read: () => new Point() }
  using other = new Cache(directory, { classes: { point } })
  other.set('k', new Point())
  const unknown = expect.objectContaining({
    code: 'ERR_DISKCACHE_FORMAT',
    key: 'k',
    message: expect.stringMatching("^Cannot read the value of 'k': .*'point'"),
  })
  expect(() => store.get('k')).toThrow(unknown)
  expect(() => store.pop('k')).toThrow(unknown)
  await expect(store.promises.pop('k')).rejects.toThrow(unknown)
  expect(() => store.getMany(['j', 'k'])).toThrow(unknown)
  expect(() => store.values().toArray()).toThrow(unknown)
  expect(store.check()).toEqual([])
  expect(other.get('k')).toBeInstanceOf(Point)
  store.delete('k')
  const key = other.push(new Point())
  store.push('next')
  for (const act of [() => store.peek(), () => store.pull(), () => store.peekItem({ last: false })])
    expect(act).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT', key }))
  expect(store.delete(key as number)).toBe(true)
  expect(store.pull()?.value).toBe('next')
  expect(() => new Cache(directory, { classes: 'copy' as never })).toThrow(TypeError)
})

test('getOrSet() of each face says that it is no method', async ({ store }) => {
  const said = /@diskcache\/recipes.*getOrSet\(store, key, make\)/
  for (const whole of [store, store.namespace('n')]) {
    // @ts-expect-error: the compiler says it, too
    expect(() => whole.getOrSet('k', () => 1)).toThrow(said)
    // @ts-expect-error: the compiler says it, too
    await expect(whole.promises.getOrSet('k', () => 1)).rejects.toThrow(said)
  }
})

test('getOrSet() can be a method of a subclass', ({ store }) => {
  class Own extends Cache {
    override getOrSet<V>(key: Key, make: () => V): V {
      return (this.get(key) ?? make()) as V
    }
  }
  using own = new Own(store.directory)
  expectTypeOf(own.getOrSet('k', () => 1)).toEqualTypeOf<number>()
  expect(own.getOrSet('k', () => 1)).toBe(1)
})
