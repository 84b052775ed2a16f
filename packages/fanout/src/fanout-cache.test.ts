import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { chmodSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Cache } from '@diskcache/cache'
import { storeTest } from '@diskcache/testkit'
import { expect, vi } from 'vitest'
import { whileLocked } from '../../cache/tests/hostile/while-locked.ts'
import { FanoutCache } from './fanout-cache.ts'

const test = storeTest((directory, options) => new FanoutCache(directory, { shards: 4, ...options }))

/** Whether the system shows a process its own open files. */
const COUNTS_DESCRIPTORS = process.platform === 'linux'

/** Keys of different shards: small integers are their own hash. */
const KEYS = [0, 1, 2, 3] as const

function shardAt(store: FanoutCache, index: number): Cache {
  return new Cache(join(store.directory, `00${index}`))
}

test('FanoutCache keeps a key in the shard that Python would look in', ({ store }) => {
  store.setMany([
    ['abc', 1],
    ['key', 2],
    [5, 3],
    [Buffer.from('abc'), 4],
  ])
  for (const [key, index] of [
    ['abc', 38_600_999 % 4],
    ['key', 42_402_122 % 4],
    [5, 1],
  ] as const) {
    using shard = shardAt(store, index)
    expect(shard.has(key)).toBe(true)
  }
})

test('FanoutCache divides the size limit, and keeps it on reopening', ({ directory }) => {
  new FanoutCache(join(directory, 'a'), { shards: 3, sizeLimit: 3_000_001 }).close()
  using store = new FanoutCache(join(directory, 'a'))
  expect(store.shards).toBe(3)
  expect(store.settings.sizeLimit).toBe(3_000_000)
  for (const index of [0, 1, 2]) {
    using shard = shardAt(store, index)
    expect(shard.settings.sizeLimit).toBe(1_000_000)
  }
})

test.skipIf(process.platform === 'win32')(
  'FanoutCache with a mode shares all shards and its record (skipped on Windows, which has other permissions)',
  ({ directory }) => {
    const path = join(directory, 'shared')
    new FanoutCache(path, { mode: 0o770, shards: 2 }).close()
    rmSync(join(path, '001'), { recursive: true })
    using store = new FanoutCache(path)
    store.setMany(KEYS.map((key) => [key, 'x'.repeat(100_000)]))
    for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
      const status = statSync(join(path, name))
      expect([name, status.mode & 0o777]).toEqual([name, status.isDirectory() ? 0o770 : 0o660])
    }
  },
)

test.skipIf(process.platform === 'win32')(
  'FanoutCache looks at its directory as onUnsafe says, and at no shard (skipped on Windows)',
  ({ directory }) => {
    const path = join(directory, 'open to all')
    new FanoutCache(path, { shards: 2, mode: 0o777, onUnsafe: 'ignore' }).close()
    expect(() => new FanoutCache(path, { onUnsafe: 'throw' })).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_UNSAFE' }),
    )
    chmodSync(path, 0o700)
    new FanoutCache(path, { onUnsafe: 'throw' }).close()
  },
)

test('FanoutCache has a limit of 1 GiB for all shards unless it is given', ({ store }) => {
  expect(store.settings.sizeLimit).toBe(2 ** 30)
  using shard = shardAt(store, 3)
  expect(shard.settings.sizeLimit).toBe(2 ** 28)
})

test('FanoutCache gives changed settings to shards that are opened later', ({ directory }) => {
  using first = new FanoutCache(directory, { shards: 4 })
  using second = new FanoutCache(directory, { evictionPolicy: 'none', sizeLimit: 4_000 })
  second.set(KEYS[2], 'opens its shard')
  using shard = shardAt(second, 2)
  expect(shard.settings).toMatchObject({ evictionPolicy: 'none', sizeLimit: 1_000 })
  expect(first.settings).toMatchObject({ evictionPolicy: 'none', sizeLimit: 4_000 })
})

test('FanoutCache makes shards that are missing, with their share of the limit', ({ directory }) => {
  const path = join(directory, 'a')
  new FanoutCache(path, { shards: 3, sizeLimit: 3_000_000 }).close()
  rmSync(join(path, '001'), { recursive: true })
  using store = new FanoutCache(path)
  using shard = shardAt(store, 1)
  expect([shard.settings.sizeLimit, store.settings.sizeLimit]).toEqual([1_000_000, 3_000_000])
})

test('FanoutCache opens a locked shard without waiting, also when its settings are to change', ({
  store,
  directory,
}) => {
  store.set(3, 'value')
  whileLocked(join(directory, '003'), () => {
    using other = new FanoutCache(directory, { sizeLimit: 4_000_000, timeout: 2 })
    expect([other.get(3), other.set(3, 'new'), other.size]).toEqual(['value', false, 1])
  })
  using other = new FanoutCache(directory)
  expect(other.get(3)).toBe('value')
  using shard = new Cache(join(directory, '003'))
  expect(shard.settings.sizeLimit).toBe(1_000_000)
})

test('FanoutCache makes all shards at first', ({ store }) => {
  expect(readdirSync(store.directory)).toEqual(['000', '001', '002', '003', 'cache.db-shards'])
})

test.skipIf(!COUNTS_DESCRIPTORS)(
  'FanoutCache opens shards when they are needed (skipped without /proc)',
  ({ store, reopen }) => {
    store.close()
    // The thread has one of its own while anything is open.
    using _elsewhere = new Cache()
    const descriptors = () => readdirSync('/proc/self/fd').length
    const before = descriptors()
    const later = reopen()
    const first = descriptors() - before
    later.get(KEYS[1])
    expect(descriptors() - before).toBe(2 * first)
    expect(later.size).toBe(0)
    expect(descriptors() - before).toBe(4 * first)
  },
)

test('FanoutCache refuses illegal options before it makes anything', ({ directory }) => {
  const path = join(directory, 'new')
  for (const options of [{ shards: 0 }, { shards: 1.5 }, { shards: 1_001 }, { sizeLimit: -1 }]) {
    expect(() => new FanoutCache(path, options)).toThrow(RangeError)
  }
  expect(() => new FanoutCache(path, { shard: 3 } as never)).toThrow(/unknown option 'shard'/)
  expect(() => new FanoutCache(path, { shards: '3' } as never)).toThrow(TypeError)
  expect(readdirSync(directory)).toEqual([])
})

test('FanoutCache with readonly makes no file, and sees what a writer adds', ({ store, directory }) => {
  store.setMany(KEYS.map((key) => [key, `value ${key}`]))
  store.close()
  const before = readdirSync(directory, { recursive: true }).sort()
  using reader = new FanoutCache(directory, { readonly: true })
  expect(reader.getMany(KEYS)).toEqual(KEYS.map((key) => `value ${key}`))
  expect(readdirSync(directory, { recursive: true }).sort()).toEqual(before)
  using writer = new FanoutCache(directory)
  writer.setMany(KEYS.map((key) => [key, 'changed']))
  const now = performance.now()
  vi.spyOn(performance, 'now').mockReturnValue(now + 1_001)
  expect(reader.getMany(KEYS)).toEqual(KEYS.map(() => 'changed'))
  vi.restoreAllMocks()
})

test('FanoutCache opens with readonly what is there, and nothing else', ({ store, directory }) => {
  store.set(KEYS[0], 'value')
  store.close()
  using reader = new FanoutCache(directory, { readonly: true })
  expect(reader.getMany(KEYS)).toEqual(['value', undefined, undefined, undefined])
  expect(() => reader.set(KEYS[1], 1)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_READONLY' }))
  expect(() => new FanoutCache(join(directory, 'missing'), { readonly: true })).toThrow(
    expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' }),
  )
})

test('FanoutCache getMany(), setMany() and deleteMany() answer in the order of the items', ({ store }) => {
  const keys = Array.from({ length: 40 }, (_, i) => (i * 7) % 40)
  expect(store.setMany(keys.map((key) => [key, `value ${key}`]))).toEqual(keys.map(() => true))
  expect(store.getMany([...keys, 'none'])).toEqual([...keys.map((key) => `value ${key}`), undefined])
  expect(store.hasMany([3, 'none', 4])).toEqual([true, false, true])
  expect(store.deleteMany([3, 'none', 4])).toEqual([true, false, true])
  expect(() => store.setMany([3 as never])).toThrow(TypeError)
})

test('FanoutCache setMany() stores what it can when one shard is locked', ({ store, directory }) => {
  const entries = KEYS.map((key) => [key, 'new'] as const)
  whileLocked(join(directory, '002'), () => expect(store.setMany(entries)).toEqual([true, true, false, true]))
  expect(store.getMany(KEYS)).toEqual(['new', 'new', undefined, 'new'])
  expect(store.stats().dropped).toBe(1)
})

test('FanoutCache clear() gives the number that it managed when one shard is locked', ({
  store,
  directory,
}) => {
  store.setMany(Array.from({ length: 400 }, (_, i) => [i, i]))
  whileLocked(join(directory, '002'), () => expect(store.clear()).toBe(300))
  expect(store.clear()).toBe(100)
})

test('FanoutCache drops nothing that another store of its process keeps it from, but throws', ({
  store,
  reopen,
}) => {
  const other = reopen()
  const refusal = expect.objectContaining({ code: 'ERR_DISKCACHE_REENTRANT' })
  store.transact(() => {
    expect(() => other.set(KEYS[0], 1)).toThrow(refusal)
    expect(() => other.transact(() => {})).toThrow(refusal)
  })
  store.update(KEYS[0], () => {
    expect(other.set(KEYS[1], 1)).toBe(true)
    expect(() => other.set(KEYS[0], 1)).toThrow(refusal)
    return { keep: true }
  })
  expect(other.stats().dropped).toBe(0)
})

test('FanoutCache says on the channel what it dropped', ({ store, directory }) => {
  const messages: unknown[] = []
  const listen = (message: unknown) => messages.push(message)
  subscribe('diskcache:lock', listen)
  whileLocked(join(directory, '002'), () => store.set(2, 'new'))
  unsubscribe('diskcache:lock', listen)
  expect(messages).toEqual([{ store: store.directory, key: 2, reason: 'dropped' }])
})

test('FanoutCache stats() adds up what the shards have evicted', async ({ directory }) => {
  using cache = new FanoutCache(directory, { shards: 2, sizeLimit: 2 ** 20, statistics: true })
  for (let i = 0; i < 1_200; i++) cache.set(i, Buffer.alloc(1_024))
  const { evictions } = cache.stats()
  expect(evictions?.count).toBe(1_200 - cache.size)
  expect(Object.values(evictions!.byAge).reduce((sum, count) => sum + count)).toBe(evictions!.count)
  expect(evictions?.byHits).toEqual({ none: evictions!.count, one: 0, more: 0 })
  expect(await cache.promises.stats()).toEqual(cache.stats())
})

test('FanoutCache transact() undoes what was written to all shards', ({ store }) => {
  const undone = new Error('undone')
  store.setMany(KEYS.map((key) => [key, 0]))
  const failing = () =>
    store.transact(() => {
      for (const key of KEYS) store.incr(key)
      throw undone
    })
  expect(failing).toThrow(undone)
  expect(store.getMany(KEYS)).toEqual([0, 0, 0, 0])
})

test('FanoutCache transact() undoes what a nested call wrote, and keeps the rest', ({ store }) => {
  store.transact(() => {
    store.set(KEYS[0], 'outer')
    expect(() =>
      store.transact(() => {
        store.set(KEYS[1], 'inner')
        throw new Error('inner')
      }),
    ).toThrow('inner')
  })
  expect(store.getMany(KEYS)).toEqual(['outer', undefined, undefined, undefined])
})

test('FanoutCache transact() throws ERR_DISKCACHE_TIMEOUT when one shard is locked, without running its body', ({
  store,
  directory,
}) => {
  const body = () => expect.unreachable()
  whileLocked(join(directory, '003'), () => {
    expect(() => store.transact(body)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' }))
  })
  expect(store.transact(() => store.add(KEYS[0], 1))).toBe(true)
})

test('FanoutCache keys() goes through the shards, each in the order of insertion', ({ store }) => {
  for (const key of [7, 3, 4, 0]) store.set(key, key)
  expect([...store.keys()]).toEqual([4, 0, 7, 3])
  expect([...store.values({ order: 'sorted' })]).toEqual([0, 3, 4, 7])
})

test('FanoutCache cache() opens a cache of that name, once, and closes it', ({ store }) => {
  const pages = store.cache('pages/en', { sizeLimit: 1_000_000 })
  expect(pages.directory).toBe(store.directoryFor('cache', 'pages/en'))
  expect(pages.settings.sizeLimit).toBe(1_000_000)
  expect(store.cache('pages/en')).toBe(pages)
  pages.close()
  expect(store.cache('pages/en').set('k', 1)).toBe(true)
  expect(store.size).toBe(0)
  const open = store.cache('pages/en')
  store.close()
  expect(open.isOpen).toBe(false)
})

test('FanoutCache close() is refused inside transact(), and closes nothing then', ({ store }) => {
  expect(() => store.transact(() => store.close())).toThrow(
    expect.objectContaining({ code: 'ERR_DISKCACHE_REENTRANT' }),
  )
  expect(store.set('k', 1)).toBe(true)
})

test('FanoutCache keeps instances of the classes that it is given, in every shard', ({ directory }) => {
  class Point {
    x = 1
  }
  const point = { type: Point, write: () => null, read: () => new Point() }
  using store = new FanoutCache(pathToFileURL(join(directory, 'classes')), { classes: { point } })
  store.setMany(KEYS.map((key) => [key, [new Point()]]))
  expect(store.getMany(KEYS)).toEqual(KEYS.map(() => [new Point()]))
  expect([...store.values()].flat().every((value) => value instanceof Point)).toBe(true)
})

test('FanoutCache close() removes a temporary directory, once nobody has anything in it open', ({
  store,
}) => {
  const temporary = new FanoutCache()
  const inside = temporary.cache('inside')
  const { directory } = temporary
  temporary.set('k', 'x'.repeat(40_000))
  temporary.close()
  inside.close()
  expect(existsSync(directory)).toBe(true)
  rmSync(directory, { recursive: true })
  const alone = new FanoutCache()
  alone.close()
  store.close()
  expect([existsSync(alone.directory), existsSync(store.directory)]).toEqual([false, true])
})

test('FanoutCache divides the bytes of its memory, and adds up what its shards count', async ({
  directory,
}) => {
  const memory = { maxBytes: 400_000, staleness: 2 ** 31 }
  using cache = new FanoutCache(directory, { shards: 4, memory })
  for (let i = 0; i < 1_000; i++) cache.set(i, 'x'.repeat(1_000))
  for (let i = 0; i < 1_000; i++) cache.get(i)
  expect(cache.stats().memory?.bytes).toBeLessThanOrEqual(400_000)
  cache.stats({ reset: true })
  // That was a write of this object to each shard.
  for (let i = 996; i < 1_000; i++) cache.get(i)
  expect([cache.get(999), await cache.promises.get(998)]).toEqual([cache.get(997), cache.get(996)])
  expect(cache.stats().memory).toMatchObject({ hits: 4, verified: 4, misses: 0 })
  using other = new FanoutCache(directory)
  other.set(999, 'new')
  expect(cache.get(999)).toHaveLength(1_000)
  expect(cache.get(999, { stale: true })).toHaveLength(1_000)
  expect(await cache.promises.get(999, { stale: true })).toHaveLength(1_000)
  expect(other.get(999, { stale: true })).toBeUndefined()
  expect(cache.get(999, { fresh: true })).toBe('new')
  expect(cache.transact(() => cache.get(999))).toBe('new')
})

test('FanoutCache memoize() decides by the result, and keeps failures', ({ store, reopen, clock }) => {
  let runs = 0
  const memoize = (cache: FanoutCache) =>
    cache.memoize(
      (n: number) => {
        runs++
        if (n < 0) throw new RangeError('negative')
        return n
      },
      { name: 'fn', ttl: (n) => n, keep: (n) => n > 1, failureTtl: 500 },
    )
  const [one, two] = [memoize(store), memoize(reopen())]
  expect([one(1), two(1), one(1_000), two(1_000), runs]).toEqual([1, 1, 1_000, 1_000, 3])
  for (const fn of [one, two]) expect(() => fn(-1)).toThrow('negative')
  expect(runs).toBe(4)
  expect([two.forget(-1), two.forget(-1)]).toEqual([true, false])
  expect(() => one(-1)).toThrow('negative')
  clock.advance(1_000)
  expect(() => two(-1)).toThrow('negative')
  expect([one(1_000), runs]).toEqual([1_000, 7])
})

test('FanoutCache.namespace().memoize() takes decisions by the type of the result', async ({
  store,
  clock,
}) => {
  let calls = 0
  const load = async (maxAge: number) => ({ maxAge, calls: ++calls })
  const memoized = store.namespace('n').memoize(load, { name: 'load', ttl: (result) => result.maxAge })
  expect([await memoized(1_000), await memoized(1_000)]).toEqual(Array(2).fill({ maxAge: 1_000, calls: 1 }))
  clock.advance(1_000)
  expect((await memoized(1_000)).calls).toBe(2)
})
