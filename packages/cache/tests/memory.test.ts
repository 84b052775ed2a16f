import { rmSync } from 'node:fs'
import type { Key } from '@diskcache/core'
import { expect, vi } from 'vitest'
import { Cache } from '../src/cache.ts'
import { cacheTest, LARGE } from './cache-test.ts'
import { Locked } from './event-loop/locked.ts'

/** Asks the directory of nothing again within a test: what comes from memory shows. */
const NEVER = 2 ** 31

const test = cacheTest({ memory: { maxBytes: 2 ** 20, staleness: NEVER } })

/** A second connection to the directory of a cache, which counts as another process. */
function beside(cache: Cache): Cache {
  return new Cache(cache.directory)
}

test('a read within the staleness comes from memory, a fresh one from the directory', async ({ store }) => {
  using other = beside(store)
  store.set('key', 1)
  store.get('key')
  other.set('key', 2)
  expect([store.get('key'), await store.promises.get('key')]).toEqual([1, 1])
  expect(store.get('key', { fresh: true })).toBe(2)
  expect(store.get('key')).toBe(2)
  other.set('key', 3)
  expect(await store.promises.get('key', { fresh: true })).toBe(3)
  expect((await store.promises.getEntry('key'))?.value).toBe(3)
})

test('illegal options are named', ({ store }) => {
  const open = (memory: unknown) => () => new Cache(store.directory, { memory } as never)
  expect(open({})).toThrow('Cannot use memory.maxBytes: expected a number, got undefined')
  expect(open({ maxBytes: 10 })).toThrow('memory.maxBytes')
  expect(open({ maxBytes: 1e6, staleness: -1 })).toThrow('memory.staleness')
  expect(open({ maxBytes: 1e6, share: 'all' })).toThrow('memory.share')
  expect(open({ maxBytes: 1e6, ttl: 1 })).toThrow("unknown option 'ttl'")
  expect(open(true)).toThrow('Cannot use memory: expected an object')
  expect(() => store.get('key', { fresh: 1 } as never)).toThrow('Cannot use fresh')
  expect(() => store.get('key', { stale: 1 } as never)).toThrow('Cannot use stale')
  expect(() => store.get('key', { fresh: true, stale: true })).toThrow('Cannot use fresh and stale together')
})

const WRITES: Record<string, (cache: Cache) => unknown> = {
  set: (cache) => cache.set('key', 'new'),
  'set to what expires at once': (cache) => cache.set('key', 'new', { ttl: 0 }),
  setMany: (cache) => cache.setMany([['key', 'new']]),
  'set of a large value': (cache) => cache.set('key', LARGE),
  'set of a value that is too large': (cache) => cache.set('key', 'x'.repeat(cache.settings.sizeLimit + 1)),
  update: (cache) => cache.update('key', () => ({ set: 'new' })),
  'update that deletes': (cache) => cache.update('key', () => ({ delete: true })),
  touch: (cache) => cache.touch('key', { ttl: 0 }),
  delete: (cache) => cache.delete('key'),
  deleteMany: (cache) => cache.deleteMany(['key']),
  pop: (cache) => cache.pop('key'),
  rename: (cache) => cache.rename('key', 'elsewhere'),
  'rename over it': (cache) => cache.set('other', 'new') && cache.rename('other', 'key'),
  evict: (cache) => cache.evict('tag'),
  clear: (cache) => cache.clear(),
  'clear by prefix': (cache) => cache.clear({ prefix: 'k' }),
  transact: (cache) => cache.transact(() => cache.set('key', 'new')),
  'promises.set': (cache) => cache.promises.set('key', 'new'),
  'promises.setMany': (cache) => cache.promises.setMany([['key', 'new']]),
  'promises.delete': (cache) => cache.promises.delete('key'),
  'promises.update': (cache) => cache.promises.update('key', () => ({ set: 'new' })),
  'promises.popEntry': (cache) => cache.promises.popEntry('key'),
  'promises.clear': (cache) => cache.promises.clear(),
  'promises.evict': (cache) => cache.promises.evict('tag'),
  'promises.transact': (cache) => cache.promises.transact(() => cache.set('key', 'new')),
  'write of a stream': (cache) => cache.write('key', chunks()),
  'promises.write of a stream': (cache) => cache.promises.write('key', chunks()),
}

async function* chunks() {
  yield 'new'
}

for (const [name, write] of Object.entries(WRITES)) {
  test(`${name} is seen at once by the object that did it`, async ({ directory }) => {
    const options = { sizeLimit: 2 ** 20, memory: { maxBytes: 2 ** 20, staleness: NEVER } }
    using cache = new Cache(directory, options)
    cache.set('key', 'old', { tag: 'tag' })
    expect([cache.get('key'), await cache.promises.get('key')]).toEqual(['old', 'old'])
    const written = write(cache)
    const whilePending = cache.promises.get('key', { stale: true })
    if (written instanceof Promise && !name.includes('stream')) expect(await whilePending).not.toBe('old')
    await written
    expect(cache.get('key', { stale: true })).not.toBe('old')
    expect(await cache.promises.get('key', { stale: true })).not.toBe('old')
    using other = beside(cache)
    const expected = other.get('key')
    expect(expected).not.toBe('old')
    expect(cache.get('key')).toEqual(expected)
    expect(await cache.promises.get('key')).toEqual(expected)
    expect(cache.get('key')).toEqual(expected)
  })
}

test('a counter is seen at once, on either face', async ({ store }) => {
  for (let i = 1; i < 20; i += 2) {
    store.incr('counter')
    expect(store.get('counter')).toBe(i)
    await store.promises.incr('counter')
    expect(await store.promises.get('counter')).toBe(i + 1)
  }
})

test('a promised write that is not committed yet is waited for', async ({ store }) => {
  store.set('key', 1)
  store.get('key')
  const written = store.promises.set('key', 2)
  expect(await store.promises.get('key')).toBe(2)
  await written
})

test('a queue that takes an entry out is seen at once', ({ store }) => {
  const key = store.push('item', { prefix: 'queue' })
  expect(store.get(key)).toBe('item')
  store.pull({ prefix: 'queue' })
  expect(store.get(key)).toBe(undefined)
})

test('what is evicted to make room is gone from memory, too', ({ directory }) => {
  using cache = new Cache(directory, {
    sizeLimit: 2 ** 20,
    evictionPolicy: 'least-recently-stored',
    memory: { maxBytes: 2 ** 20, staleness: NEVER },
  })
  cache.set('first', 'x'.repeat(1_000))
  expect(cache.get('first')).toBeDefined()
  for (let i = 0; i < 3_000; i++) cache.set(i, 'x'.repeat(1_000))
  using other = beside(cache)
  expect(other.get('first')).toBe(undefined)
  expect(cache.get('first')).toBe(undefined)
})

test('inside transact everything is read from the directory', ({ store }) => {
  using other = beside(store)
  store.set('key', 1)
  store.get('key')
  other.set('key', 2)
  expect(store.transact(() => store.get('key'))).toBe(2)
  store.update('key', (entry) => ({ set: (entry?.value as number) + 1 }))
  expect(store.get('key')).toBe(3)
  const undone = () =>
    store.transact(() => {
      store.set('key', 4)
      expect(store.get('key')).toBe(4)
      throw new Error('undone')
    })
  expect(undone).toThrow('undone')
  expect(store.get('key')).toBe(3)
})

test('an entry does not outlive its expiry', async ({ store, clock }) => {
  store.set('key', 'value', { ttl: 1_000 })
  store.get('key')
  clock.time += 999
  expect([store.get('key'), await store.promises.get('key')]).toEqual(['value', 'value'])
  clock.time += 1
  expect([store.get('key'), await store.promises.get('key')]).toEqual([undefined, undefined])
})

test('an expiry that another process has put off counts', ({ store, clock }) => {
  using other = new Cache(store.directory, { clock: clock.now })
  store.set('key', 'value', { ttl: 1_000 })
  store.get('key')
  other.touch('key', { ttl: 5_000 })
  clock.time += 2_000
  expect(store.get('key')).toBe('value')
})

test('readers do not see what one of them does to its value', async ({ store }) => {
  const value = { list: [1], bytes: Buffer.from('abc'), at: new Date(0) }
  store.set('key', value)
  for (const get of [() => store.get('key'), () => store.promises.get('key')]) {
    for (let i = 0; i < 3; i++) {
      const own = (await get()) as typeof value
      expect(own).toEqual(value)
      own.list.push(2)
      own.bytes.fill(0)
      own.at.setTime(1)
    }
  }
  store.set('bytes', Buffer.from('abc'))
  for (let i = 0; i < 3; i++) {
    const bytes = store.get('bytes') as Buffer
    expect(bytes.toString()).toBe('abc')
    bytes.fill(0)
  }
})

test('with share: frozen, readers get the same frozen object', async ({ directory }) => {
  using cache = new Cache(directory, { memory: { maxBytes: 2 ** 20, staleness: NEVER, share: 'frozen' } })
  cache.set('key', { list: [{ id: 1 }] })
  const first = cache.get('key') as { list: { id: number }[] }
  expect(await cache.promises.get('key')).toBe(first)
  expect(() => first.list.push({ id: 2 })).toThrow(TypeError)
  expect(Object.isFrozen(first.list[0])).toBe(true)
  cache.set('date', { at: new Date(0) })
  expect(cache.get('date')).not.toBe(cache.get('date'))
})

for (const checksums of [true, false]) {
  const name = `what others have changed is read anew, all else is confirmed, ${checksums ? 'with' : 'without'} checksums`
  test(name, ({ directory }) => {
    using cache = new Cache(directory, { checksums, memory: { maxBytes: 2 ** 20, staleness: 0 } })
    using other = beside(cache)
    const large = { text: LARGE }
    const values = { a: 1, b: 'text', c: { x: 1 }, d: large, e: LARGE }
    for (const [key, value] of Object.entries(values)) cache.set(key, value)
    const read = () => Object.keys(values).map((key) => cache.get(key))
    read()
    // Twice, since without checksums every second write has the same number.
    other.set('a', 0)
    other.set('a', 2)
    expect(read()).toEqual([2, 'text', { x: 1 }, large, LARGE])
    expect(cache.stats().memory).toMatchObject({ hits: 0, verified: 4, misses: 6 })
    other.delete('b')
    other.set('e', `${LARGE}!`)
    expect(read()).toEqual([2, undefined, { x: 1 }, large, `${LARGE}!`])
    cache.stats({ reset: true })
    expect(cache.stats().memory).toMatchObject({ hits: 0, verified: 0, misses: 0, entries: 4 })
  })
}

test('keys of every kind keep apart', ({ store }) => {
  const keys = [
    1,
    '1',
    1.5,
    '1.5',
    true,
    'true',
    null,
    [1],
    ['1'],
    2n ** 60n,
    Buffer.from('1'),
    '\ud800',
    '\udfff1',
  ]
  for (const [i, key] of keys.entries()) store.set(key as never, i)
  const read = () => keys.map((key) => store.get(key as never))
  expect(read()).toEqual([...keys.keys()])
  expect(read()).toEqual([...keys.keys()])
  expect(store.get(1n as never)).toBe(0)
  expect(store.stats().memory?.hits).toBe(keys.length + 1)
})

test('statistics and the policy go on counting', ({ directory }) => {
  using cache = new Cache(directory, {
    statistics: true,
    evictionPolicy: 'least-frequently-used',
    memory: { maxBytes: 2 ** 20, staleness: NEVER },
  })
  cache.set('key', 1)
  for (let i = 0; i < 5; i++) cache.get('key')
  expect(cache.stats()).toMatchObject({ hits: 5, misses: 0, memory: { hits: 4, misses: 1 } })
})

test('a cache that others have emptied is empty', ({ directory }) => {
  using cache = new Cache(directory, { memory: { maxBytes: 2 ** 20, staleness: 0 } })
  cache.set('key', 1)
  cache.get('key')
  using other = beside(cache)
  other.clear()
  expect(cache.get('key')).toBe(undefined)
})

test('what is found to be gone from the disk is gone from memory', ({ directory }) => {
  using cache = new Cache(directory, { memory: { maxBytes: 2 ** 20, staleness: NEVER } })
  cache.set('key', 1)
  expect(cache.get('key')).toBe(1)
  rmSync(directory, { recursive: true })
  // Once a second, any other operation looks whether its files are still there.
  const now = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => now + 2_000)
  cache.has('other')
  vi.restoreAllMocks()
  expect(cache.get('key')).toBe(undefined)
})

test('a clock that begins anew, as in a test with its own, makes nothing older', ({ directory }) => {
  using cache = new Cache(directory, { memory: { maxBytes: 2 ** 20, staleness: 10 } })
  using other = beside(cache)
  cache.set('key', 1)
  cache.get('key')
  other.set('key', 2)
  vi.spyOn(performance, 'now').mockImplementation(() => 0)
  expect(cache.get('key')).toBe(2)
  vi.restoreAllMocks()
})

/** What the cache answers from memory alone, on each face. */
async function staleReads(cache: Cache, key: Key): Promise<unknown[]> {
  const options = { stale: true }
  const { promises } = cache
  const entries = [cache.getEntry(key, options), await promises.getEntry(key, options)]
  return [cache.get(key, options), await promises.get(key, options), ...entries.map((entry) => entry?.value)]
}

test('a stale read gives what memory has, however old, and nothing else', async ({ directory, clock }) => {
  using cache = new Cache(directory, { memory: { maxBytes: 2 ** 20, staleness: 0 }, clock: clock.now })
  using other = new Cache(directory, { clock: clock.now })
  other.set('key', 'old', { ttl: 1_000 })
  expect(await staleReads(cache, 'key')).toEqual(Array(4).fill(undefined))
  expect(cache.get('key')).toBe('old')
  other.set('key', 'new')
  other.set('other', 'new')
  expect(cache.get('other')).toBe('new')
  expect(await staleReads(cache, 'key')).toEqual(Array(4).fill('old'))
  clock.time += 1_000
  expect(await staleReads(cache, 'key')).toEqual(Array(4).fill(undefined))
  expect(cache.get('key')).toBe('new')
  expect(await staleReads(cache, 'key')).toEqual(Array(4).fill('new'))
  expect(cache.transact(() => cache.get('key', { stale: true }))).toBeUndefined()
  expect(await staleReads(other, 'key')).toEqual(Array(4).fill(undefined))
})

test('a stale read asks nothing of the directory, also while others wait for it', async ({ directory }) => {
  using cache = new Cache(directory, { memory: { maxBytes: 2 ** 20, staleness: 0 } })
  cache.set('key', 'value')
  cache.get('key')
  await using locked = await Locked.take(directory)
  expect(locked.isHeld).toBe(true)
  const write = cache.promises.set('another', 1)
  expect(await staleReads(cache, 'key')).toEqual(Array(4).fill('value'))
  await locked.release()
  await write
  rmSync(directory, { recursive: true })
  expect(await staleReads(cache, 'key')).toEqual(Array(4).fill('value'))
})
