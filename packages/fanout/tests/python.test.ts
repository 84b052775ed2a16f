import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Cache, type Key } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { expect } from 'vitest'
import { Child, meet, results } from '../../cache/tests/processes/child.ts'
import { isDamage, laterClock } from '../../cache/tests/processes/soundness.ts'
import type { IncrementingJob } from './processes/incrementing-worker.ts'
import { PythonConsole } from './python/console.ts'
import { pythonSuite, pythonTest, requirePython } from './python/python-test.ts'

const SHARDS = 4

const test = pythonTest(async (directory, python) => {
  expect(await python.evaluate(`FanoutCache(directory, shards=${SHARDS}).check()`)).toEqual([])
  using later = new FanoutCache(directory, { clock: laterClock })
  expect(later.check().filter(isDamage)).toEqual([])
})

requirePython()

/** The same key on both sides, each of which may be in any shard. */
const KEYS: readonly { readonly key: Key; readonly source: string }[] = [
  { key: '', source: "''" },
  { key: 'abc', source: "'abc'" },
  { key: 'naïve ☃ 😀', source: "'naïve ☃ 😀'" },
  { key: 'x'.repeat(6_000), source: "'x' * 6000" },
  { key: Buffer.from('abc'), source: "b'abc'" },
  { key: Buffer.alloc(0), source: "b''" },
  { key: Buffer.from([...Array(256).keys()]), source: 'bytes(range(256))' },
  { key: 0, source: '0' },
  { key: 1, source: '1' },
  { key: 8, source: '8' },
  { key: 4_000_000_000_000, source: '4 * 10**12' },
  { key: 0xffffffff, source: '0xFFFFFFFF' },
  { key: 0xfffffffe, source: '0xFFFFFFFE' },
  { key: -1, source: '-1' },
  { key: -16, source: '-16' },
  { key: Number.MAX_SAFE_INTEGER, source: '2**53 - 1' },
  { key: Number.MIN_SAFE_INTEGER, source: '-(2**53 - 1)' },
  { key: 2n ** 63n - 1n, source: '2**63 - 1' },
  { key: -(2n ** 63n), source: '-2**63' },
  { key: 2n ** 53n + 1n, source: '2**53 + 1' },
  { key: 0.1, source: '0.1' },
  { key: -2.5, source: '-2.5' },
  { key: 5e-324, source: '5e-324' },
  { key: 1e300, source: '1e300' },
  { key: Infinity, source: "float('inf')" },
  { key: -Infinity, source: "-float('inf')" },
]

/** What a look-up of each key gives, by its source. */
function bySource(lookUp: (key: Key) => unknown): Record<string, unknown> {
  return Object.fromEntries(KEYS.map(({ key, source }) => [source, lookUp(key)]))
}

/** The numbers of the shards that hold the key. */
function shardsWith(directory: string, key: Key): number[] {
  return [...Array(SHARDS).keys()].filter((number) => {
    using shard = new Cache(join(directory, `00${number}`))
    return shard.has(key)
  })
}

/** A Python list of what an expression in `key` gives for each key. */
function forKeys(expression: string): string {
  return `[${expression} for key in (${KEYS.map(({ source }) => source).join(', ')})]`
}

pythonSuite('keys', () => {
  test('new FanoutCache() waits while Python makes the shards', async ({ directory, python }) => {
    const made = python.run(`store = FanoutCache(directory, shards=${SHARDS})`)
    while (!existsSync(join(directory, '000'))) await delay(1)
    using store = new FanoutCache(directory)
    expect(store.shards).toBe(SHARDS)
    await made
  })

  test('new FanoutCache() refuses a directory that Python opened with more shards', async ({
    directory,
    python,
  }) => {
    const path = join(directory, 'other')
    new FanoutCache(path, { shards: 2 }).close()
    await python.run(`FanoutCache(${JSON.stringify(path)}, shards=3).close()`)
    expect(() => new FanoutCache(path)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_SHARDS' }))
  })

  test('FanoutCache.set() puts keys of all native kinds where Python finds and replaces them', async ({
    directory,
    python,
  }) => {
    using cache = new FanoutCache(directory, { shards: SHARDS })
    for (const { key, source } of KEYS) expect(cache.set(key, source)).toBe(true)
    await python.run(`cache = FanoutCache(directory, shards=${SHARDS})`)
    expect(await python.evaluate(forKeys('cache.get(key)'))).toEqual(KEYS.map(({ source }) => source))
    expect(await python.evaluate(forKeys(`cache.set(key, 'by Python')`))).toEqual(KEYS.map(() => true))
    expect(bySource((key) => cache.get(key))).toEqual(bySource(() => 'by Python'))
    expect(cache.size).toBe(KEYS.length)
  })

  test('FanoutCache.get() finds keys of all native kinds in the shards where Python put them', async ({
    directory,
    python,
  }) => {
    await python.run(`cache = FanoutCache(directory, shards=${SHARDS})`, forKeys(`cache.set(key, 'found')`))
    const numbers = (await python.evaluate(forKeys(`cache._hash(key) % ${SHARDS}`))) as number[]
    using cache = new FanoutCache(directory)
    expect(bySource((key) => cache.get(key))).toEqual(bySource(() => 'found'))
    expect(KEYS.map(({ key }) => shardsWith(directory, key))).toEqual(numbers.map((number) => [number]))
    expect(bySource((key) => cache.delete(key))).toEqual(bySource(() => true))
    expect(await python.evaluate('len(cache)')).toBe(0)
  })

  test('FanoutCache.getMany() finds hundreds of keys of Python, and the reverse', async ({
    directory,
    python,
  }) => {
    await python.run(
      `cache = FanoutCache(directory, shards=${SHARDS})`,
      'for i in range(-100, 100): cache[i] = cache[str(i)] = cache[i + 0.1] = i',
    )
    using cache = new FanoutCache(directory)
    const numbers = Array.from({ length: 200 }, (_, i) => i - 100)
    const keys = numbers.flatMap((i) => [i, String(i), i + 0.1])
    expect(cache.getMany(keys)).toEqual(numbers.flatMap((i) => [i, i, i]))
    cache.setMany(numbers.map((i) => [`node ${i}`, i]))
    expect(await python.evaluate(`[cache['node %d' % i] for i in range(-100, 100)]`)).toEqual(numbers)
  })

  test('FanoutCache.get() takes 1 for 1, which in Python lies in another shard than 1.0', async ({
    directory,
    python,
  }) => {
    await python.run(`cache = FanoutCache(directory, shards=${SHARDS})`, 'cache[1] = 1', 'cache[1.0] = 1.5')
    using cache = new FanoutCache(directory)
    expect(cache.get(1)).toBe(1)
    expect([...cache.values()].sort()).toEqual([1, 1.5])
  })
})

pythonSuite('shards', () => {
  test('new FanoutCache() takes the number of shards that Python made, and refuses another', async ({
    directory,
    python,
  }) => {
    await python.run(`cache = FanoutCache(directory, shards=${SHARDS})`)
    const refused = expect.objectContaining({ code: 'ERR_DISKCACHE_SHARDS' })
    expect(() => new FanoutCache(directory, { shards: 8 })).toThrow(refused)
    using cache = new FanoutCache(directory)
    expect(cache.shards).toBe(SHARDS)
    expect(() => new FanoutCache(directory, { shards: 8 })).toThrow(refused)
    expect(readdirSync(directory)).toEqual(['000', '001', '002', '003', 'cache.db-shards'])
  })

  test('new FanoutCache() opens a directory whose limit Python could not divide evenly', async ({
    directory,
    python,
  }) => {
    await python.run(`cache = FanoutCache(directory, shards=${SHARDS}, size_limit=4_000_001)`)
    using cache = new FanoutCache(directory)
    expect(cache.settings.sizeLimit).toBe(4_000_000)
    for (const key of [0, 1, 2, 3]) expect(cache.set(key, key)).toBe(true)
    expect(await python.evaluate('[cache[key] for key in range(4)]')).toEqual([0, 1, 2, 3])
  })

  test('FanoutCache.settings follow the limit that Python writes whenever it opens the directory', async ({
    directory,
    python,
  }) => {
    using cache = new FanoutCache(directory, { shards: SHARDS, sizeLimit: 8_000_000 })
    await python.run(`agreed = FanoutCache(directory, shards=${SHARDS}, size_limit=8_000_000)`)
    expect(cache.settings.sizeLimit).toBe(8_000_000)
    await python.run(`default = FanoutCache(directory, shards=${SHARDS})`)
    expect(cache.settings.sizeLimit).toBe(2 ** 30)
  })
})

pythonSuite('entries', () => {
  test('FanoutCache and Python see values, expiry and tags of each other', async ({ directory, python }) => {
    using cache = new FanoutCache(directory, { shards: SHARDS })
    await python.run(`cache = FanoutCache(directory, shards=${SHARDS})`)
    const samples = { text: 'ü☃', large: 'x'.repeat(50_000), bytes: Buffer.alloc(50_000, 1), float: 0.5 }
    for (const [key, value] of Object.entries(samples)) cache.set(key, value, { tag: 'node', ttl: 60_000 })
    for (const [key, value] of Object.entries(samples)) {
      expect(await python.evaluate(`cache.get('${key}')`)).toEqual(value)
    }
    expect(await python.evaluate(`cache.evict('node')`)).toBe(4)
    await python.run(`for i in range(20): cache.set(i, 'x' * 50000, expire=60, tag='python')`)
    expect(cache.getEntry(7)).toMatchObject({ value: 'x'.repeat(50_000), tags: ['python'] })
    expect(cache.evict('python')).toBe(20)
    expect(await python.evaluate('len(cache)')).toBe(0)
  })

  test('FanoutCache.keys() lists what Python pickled as a key, and a value it pickled is refused', async ({
    directory,
    python,
  }) => {
    await python.run(`cache = FanoutCache(directory, shards=${SHARDS})`)
    await python.run(`cache[(1, 2)] = 'tuple'`, `cache['list'] = [1, 2]`)
    using cache = new FanoutCache(directory)
    const foreign = expect.objectContaining({ code: 'ERR_DISKCACHE_FOREIGN_VALUE', key: 'list' })
    expect(() => cache.get('list')).toThrow(foreign)
    await expect(cache.promises.get('list')).rejects.toEqual(foreign)
    expect([...cache.keys({ foreign: 'skip' })]).toEqual(['list'])
    const [tuple] = [...cache.keys()].filter((key) => key !== 'list')
    expect(cache.get(tuple as Key)).toBe('tuple')
    expect(cache.delete(tuple as Key)).toBe(true)
    expect(await python.evaluate('[cache["list"], len(cache)]')).toEqual([[1, 2], 1])
  })

  test('FanoutCache.incr() counts exactly in two Node and two Python processes', {
    timeout: 60_000,
  }, async ({ directory, python }) => {
    using second = new PythonConsole()
    const limit = `FanoutCache(${JSON.stringify(directory)}, shards=${SHARDS}, size_limit=${2 ** 30})`
    await python.run(`cache = ${limit}`)
    const times = 300
    const job: IncrementingJob = { directory, keys: [0, 1, 2, 3, 'four'], times, inFlight: 10 }
    const worker = new URL('./processes/incrementing-worker.ts', import.meta.url)
    const children = [1, 2].map(() => Child.process<void>(worker, job, { limit: 40_000 }))
    await second.run(`cache = ${limit}`)
    await meet(children)
    const count = `[cache.incr(key, retry=True) for i in range(${times}) for key in (0, 1, 2, 3, 'four')][-1]`
    await Promise.all([results(children), ...[python, second].map((side) => side.evaluate(count))])
    using cache = new FanoutCache(directory)
    expect(cache.getMany(job.keys)).toEqual(job.keys.map(() => 4 * times))
  })
})

pythonSuite('stores inside a FanoutCache', () => {
  test('FanoutCache.directoryFor() is where Python has its named stores', async ({ directory, python }) => {
    using cache = new FanoutCache(directory, { shards: SHARDS })
    await python.run(
      `fanout = FanoutCache(directory, shards=${SHARDS})`,
      `stores = {'cache': fanout.cache, 'deque': fanout.deque, 'index': fanout.index}`,
    )
    for (const kind of ['cache', 'deque', 'index'] as const) {
      for (const name of ['jobs', 'a/b', 'ü☃']) {
        const expected = await python.evaluate(`stores['${kind}']('${name}').directory`)
        expect(cache.directoryFor(kind, name)).toBe(expected)
      }
    }
  })

  test('FanoutCache.cache() shares a named cache with Python', async ({ directory, python }) => {
    using cache = new FanoutCache(directory, { shards: SHARDS })
    cache.cache('a/b').set('node', 1)
    await python.run(`fanout = FanoutCache(directory, shards=${SHARDS})`, `fanout.cache('a/b')['python'] = 2`)
    expect(await python.evaluate(`list(fanout.cache('a/b'))`)).toEqual(['node', 'python'])
    expect([...cache.cache('a/b')]).toEqual([
      ['node', 1],
      ['python', 2],
    ])
    expect(await python.evaluate(`fanout.cache('a/b').check()`)).toEqual([])
    expect(cache.cache('a/b').check().filter(isDamage)).toEqual([])
  })
})
