import { asyncStoreTest } from '@diskcache/testkit'
import { describe, expect } from 'vitest'
import { LARGE } from '../../tests/cache-test.ts'
import { Cache } from '../cache.ts'

const base = asyncStoreTest((directory, { clock }) => new Cache(directory, { clock }).promises)
const test = base.extend<{ other: Cache; cache: Cache }>({
  other: async ({ directory, clock }, use) => {
    using other = new Cache(directory, { clock: clock.now })
    await use(other)
  },
  cache: async ({ directory, clock }, use) => {
    using cache = new Cache(directory, { clock: clock.now })
    await use(cache)
  },
})

const keysOf = (count: number) => Array.from({ length: count }, (_, i) => i)
const entriesOf = (count: number) => keysOf(count).map((i) => [i, `value ${i}`] as const)

/** Counts the turns of the event loop while a promise is pending. */
async function turnsDuring(promise: Promise<unknown>): Promise<number> {
  let turns = 0
  let isPending = true
  const count = () => {
    if (!isPending) return
    turns++
    setImmediate(count)
  }
  setImmediate(count)
  await promise
  isPending = false
  return turns
}

/** Reads a sequence to its end. */
async function drain(sequence: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of sequence) count++
  return count
}

describe('The event loop turns during', () => {
  test('setMany(), getMany() and deleteMany() of many', async ({ cache }) => {
    const { promises } = cache
    expect(await turnsDuring(promises.setMany(entriesOf(10_000)))).toBeGreaterThanOrEqual(9)
    expect(await turnsDuring(promises.getMany(keysOf(50_000)))).toBeGreaterThanOrEqual(1)
    expect(await turnsDuring(promises.deleteMany(keysOf(10_000)))).toBeGreaterThanOrEqual(9)
  })

  test('iterations over many', async ({ cache }) => {
    cache.setMany(entriesOf(50_000))
    const { promises } = cache
    const iterations = [
      () => promises.keys(),
      () => promises.values({ reverse: true }),
      () => promises.entries({ order: 'sorted' }),
    ]
    for (const iteration of iterations)
      expect(await turnsDuring(drain(iteration()))).toBeGreaterThanOrEqual(1)
  })

  test('check() of a database that is not small', async ({ cache }) => {
    cache.setMany(entriesOf(50_000))
    expect(await turnsDuring(cache.promises.check({ fix: true }))).toBeGreaterThanOrEqual(1)
  })
})

describe('Cache.promises.setMany() of more than a slice', () => {
  test('encodes no more at once than there is time for', async ({ cache, other }) => {
    function* entries() {
      yield* entriesOf(1_001)
      for (const i of keysOf(5)) yield [`slow ${i}`, slow] as const
    }
    // Its encoding takes longer than a slice.
    const slow = {
      get value() {
        const end = performance.now() + 15
        while (performance.now() < end);
        return 1
      },
    }
    const sizes = new Set<number>()
    const stored = cache.promises.setMany(entries())
    while (other.size < 1_006) {
      sizes.add(other.size)
      await new Promise(setImmediate)
    }
    expect(await stored).toHaveLength(1_006)
    for (const size of [1_002, 1_003, 1_004, 1_005]) expect(sizes).toContain(size)
  })

  test('stores all in their order, before what is asked for later', async ({ cache }) => {
    const later = [[0, 'first'] as const, ...entriesOf(2_500), [1, 'last'] as const]
    const stored = cache.promises.setMany(later)
    const changed = cache.promises.update(2_499, (entry) => ({ set: `${entry?.value} changed` }))
    expect(await stored).toEqual(later.map(() => true))
    await changed
    expect(cache.getMany([0, 1, 2_499])).toEqual(['value 0', 'last', 'value 2499 changed'])
    expect([...cache.keys()].slice(0, 3)).toEqual([0, 1, 2])
  })

  test('lets other processes write in between', async ({ cache, other }) => {
    const stored = cache.promises.setMany(entriesOf(3_000))
    while (other.size === 0) await new Promise(setImmediate)
    expect(other.withoutWaiting(() => other.set('other', 1))).toBe(true)
    expect(other.size).toBeLessThan(3_001)
    await stored
    expect(cache.size).toBe(3_001)
  })

  test('counts ten for each value in a file', async ({ cache, other }) => {
    const large = keysOf(150).map((i) => [i, LARGE] as const)
    const stored = cache.promises.setMany(large)
    while (other.size === 0) await new Promise(setImmediate)
    expect(other.size).toBe(100)
    await stored
    expect(cache.getMany([0, 149])).toEqual([LARGE, LARGE])
  })
})

describe('Cache.promises.setMany() of more than a slice that does not come to its end', () => {
  test('has no effect when it is aborted before the first slice, and full effect after it', async ({
    cache,
    other,
  }) => {
    const early = new AbortController()
    let isClosed = false
    function* entries() {
      try {
        yield* entriesOf(3_000)
      } finally {
        isClosed = true
      }
    }
    const none = cache.promises.setMany(entries(), { signal: early.signal })
    early.abort(new Error('early'))
    await expect(none).rejects.toThrow('early')
    expect([cache.size, isClosed]).toEqual([0, true])

    const late = new AbortController()
    const all = cache.promises.setMany(entriesOf(3_000), { signal: late.signal })
    while (other.size === 0) await new Promise(setImmediate)
    late.abort(new Error('late'))
    expect(await all).toHaveLength(3_000)
    expect(cache.size).toBe(3_000)
  })

  test('keeps the slices before one that fails, and closes what makes the entries', async ({ cache }) => {
    let isClosed = false
    function* entries() {
      try {
        yield* entriesOf(2_500)
        yield ['unsupported', () => {}] as const
      } finally {
        isClosed = true
      }
    }
    const error = await cache.promises.setMany(entries()).catch((error) => error)
    expect(error).toMatchObject({ code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE', key: 'unsupported' })
    expect(error.count).toBeGreaterThan(0)
    expect(error.count).toBeLessThan(2_500)
    expect(cache.size).toBe(error.count)
    expect(isClosed).toBe(true)
  })

  test('stops at the end of a slice when the cache is closed', async ({ cache, other }) => {
    const stored = cache.promises.setMany(entriesOf(5_000))
    while (other.size === 0) await new Promise(setImmediate)
    cache.close()
    const error = await stored.catch((error) => error)
    expect(error).toMatchObject({ code: 'ERR_DISKCACHE_CLOSED', count: other.size })
    expect(other.size).toBeLessThan(5_000)
  })
})

describe('Cache.promises.setMany() of one slice', () => {
  test('is one transaction', async ({ cache, other }) => {
    const sizes = new Set<number>()
    const stored = cache.promises.setMany(entriesOf(1_000))
    while (other.size < 1_000) {
      sizes.add(other.size)
      await new Promise(setImmediate)
    }
    await stored
    expect([...sizes]).toEqual([0])
  })
})

describe('An operation on many', () => {
  test('names the key of a value that cannot be stored', async ({ cache }) => {
    const entries = [['a', 1] as const, ['b', () => {}] as const]
    const expected = { code: 'ERR_DISKCACHE_UNSUPPORTED_VALUE', key: 'b' }
    expect(() => cache.setMany(entries)).toThrow(expect.objectContaining(expected))
    await expect(cache.promises.setMany(entries)).rejects.toThrow(expect.objectContaining(expected))
    expect(cache.size).toBe(0)
  })

  test('names the argument that cannot be iterated over', async ({ cache }) => {
    const { promises } = cache
    for (const none of [5, null, undefined, {}] as never[]) {
      const entries = /^Cannot use entries: expected an iterable, got /
      const keys = /^Cannot use keys: expected an iterable, got /
      expect(() => cache.setMany(none)).toThrow(entries)
      await expect(promises.setMany(none)).rejects.toThrow(entries)
      for (const name of ['getMany', 'getEntries', 'hasMany', 'deleteMany'] as const) {
        expect(() => cache[name](none)).toThrow(keys)
        await expect(promises[name](none)).rejects.toThrow(keys)
      }
    }
  })
})

describe('A removal in slices', () => {
  test('leaves what is added meanwhile, and what gets another tag', async ({ cache }) => {
    cache.setMany(entriesOf(3_000), { tag: 'old' })
    const evicted = cache.promises.evict('old')
    while (cache.size === 3_000) await new Promise(setImmediate)
    cache.set('added', 1, { tag: 'old' })
    cache.set(2_999, 'again', { tag: 'new' })
    await evicted
    expect([...cache.entries()].toSorted()).toEqual([
      [2_999, 'again'],
      ['added', 1],
    ])
    cache.setMany(entriesOf(3_000), { tag: 'old' })
    cache.set('other', 1, { tag: 'other' })
    const both = cache.promises.evict(['old', 'other'])
    while (cache.size > 3_000) await new Promise(setImmediate)
    cache.set('new', 1, { tag: 'other' })
    expect([await both, [...cache.keys()]]).toEqual([3_002, ['new']])
    cache.setMany(entriesOf(3_000))
    const cleared = cache.promises.clear()
    while (cache.size > 3_000) await new Promise(setImmediate)
    cache.set('later', 2)
    await cleared
    expect([...cache.keys()]).toEqual(['later'])
  })
})

describe('Many keys in slices', () => {
  test('give results in their order, for live entries and others', async ({ cache }) => {
    cache.setMany(entriesOf(3_000))
    cache.set('large', LARGE)
    const keys = [...keysOf(3_500), 'large']
    const values = await cache.promises.getMany(keys)
    expect(values).toEqual(cache.getMany(keys))
    expect(await cache.promises.hasMany(keys)).toEqual(cache.hasMany(keys))
    expect((await cache.promises.getEntries(keys)).at(-1)).toEqual(cache.getEntry('large'))
    expect(await cache.promises.deleteMany(keys)).toEqual(keys.map((_, i) => i < 3_000 || i === 3_500))
    expect(cache.size).toBe(0)
  })

  test('come after what was asked for before, and before what comes later', async ({ cache }) => {
    const written = cache.promises.setMany(entriesOf(2_000))
    const read = cache.promises.getMany(keysOf(2_000))
    const removed = cache.promises.deleteMany(keysOf(2_000))
    expect(await read).toEqual(entriesOf(2_000).map(([, value]) => value))
    await Promise.all([written, removed])
    expect(cache.size).toBe(0)
  })
})

describe('Cache.promises.check()', () => {
  test('finds and mends in slices what the synchronous face finds', async ({ cache, directory }) => {
    cache.setMany(entriesOf(30_000))
    const { default: Database } = await import('better-sqlite3')
    const database = new Database(`${directory}/cache.db`)
    database.exec("UPDATE Settings SET value = 7 WHERE key = 'count'")
    database.close()
    const problems = await cache.promises.check()
    expect(problems).toEqual(cache.check())
    expect(problems.map(({ kind }) => kind)).toEqual(['wrong-counter'])
    expect(await cache.promises.check({ fix: true })).toEqual(problems)
    expect(await cache.promises.check()).toEqual([])
  })

  test('lets other operations have their turn, and ends before the cache is closed', async ({ cache }) => {
    cache.setMany(entriesOf(50_000))
    let isChecked = false
    const checked = cache.promises.check().then((problems) => {
      isChecked = true
      return problems
    })
    expect(await cache.promises.get(1)).toBe('value 1')
    await cache.promises.set(2, 'other')
    expect(isChecked).toBe(false)
    await cache.promises.close()
    expect(isChecked).toBe(true)
    expect(await checked).toEqual([])
  })

  test('rejects with the reason of a signal while it reads', async ({ cache }) => {
    cache.setMany(entriesOf(50_000))
    const controller = new AbortController()
    const checked = cache.promises.check({ signal: controller.signal })
    setImmediate(() => controller.abort(new Error('enough')))
    await expect(checked).rejects.toThrow('enough')
  })
})
