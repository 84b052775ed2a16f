import { expect } from 'vitest'
import { cacheTest, LARGE, loseFiles } from '../../tests/cache-test.ts'
import { storeSetting } from '../../tests/hostile/raw-database.ts'

const test = cacheTest()

test('Iteration follows the order of insertion, which replacing keeps, both ways and over many pages', ({
  store,
}) => {
  const keys = Array.from({ length: 350 }, (_, i) => `key ${i}`)
  store.setMany(keys.map((key) => [key, key]))
  store.set('key 3', 'replaced')
  expect([...store.keys()]).toEqual(keys)
  expect([...store.keys({ reverse: true })]).toEqual(keys.toReversed())
  expect([...store.values()].slice(2, 5)).toEqual(['key 2', 'replaced', 'key 4'])
})

test('Iteration sorts numbers before strings before bytes, over many pages', ({ store }) => {
  const numbers = Array.from({ length: 250 }, (_, i) => i - 100.5)
  const strings = Array.from({ length: 250 }, (_, i) => String(i + 100))
  const rest = [Buffer.from('a'), Buffer.from('b')]
  for (const key of [...rest, ...strings, ...numbers].toReversed()) store.set(key, 1)
  const sorted = [...numbers, ...strings, ...rest]
  expect([...store.keys({ order: 'sorted' })]).toEqual(sorted)
  expect([...store.keys({ order: 'sorted', reverse: true })]).toEqual(sorted.toReversed())
})

test.for(['insertion', 'sorted'] as const)('Iteration finds a prefix in %s order', (order, { store }) => {
  for (const key of ['b', 'a', 'user:2', 'user:1', 'user', 'z', Buffer.from('user:3'), 5]) store.set(key, 1)
  expect(new Set(store.keys({ order, prefix: 'user:' }))).toEqual(new Set(['user:1', 'user:2']))
  const backward = [...store.keys({ order, prefix: 'user:', reverse: true })]
  expect(backward).toEqual([...store.keys({ order, prefix: 'user:' })].toReversed())
  expect([...store.keys({ order, prefix: 'x' })]).toEqual([])
})

test.for([true, false])(
  'Iteration finds a tag over many pages, with the tag index %o',
  (tagIndex, { store }) => {
    store.configure({ tagIndex })
    store.setMany(Array.from({ length: 1_200 }, (_, i) => [`${i % 2} ${i}`, i, { tag: i % 3 }] as const))
    store.setMany([
      ['untagged', 1],
      ['1 untagged', 2],
    ])
    const expected = Array.from({ length: 400 }, (_, i) => 3 * i + 1)
    expect([...store.values({ tag: 1 })]).toEqual(expected)
    expect([...store.values({ tag: 1, reverse: true })]).toEqual(expected.toReversed())
    expect([...store.values({ tag: 1, order: 'sorted' })].map(Number).toSorted((a, b) => a - b)).toEqual(
      expected,
    )
    expect([...store.values({ tag: 1, prefix: '0 ' })]).toEqual(expected.filter((i) => i % 2 === 0))
    const sorted = [...store.keys({ tag: 1, prefix: '0 ', order: 'sorted' })]
    expect(sorted).toEqual(
      expected
        .filter((i) => i % 2 === 0)
        .map((i) => `0 ${i}`)
        .toSorted(),
    )
    expect([...store.values({ untagged: true })]).toEqual([1, 2])
    expect([...store.keys({ untagged: true, order: 'sorted', prefix: '1' })]).toEqual(['1 untagged'])
  },
)

test.for([250, 10_050])(
  'Iteration finds %i keys with a prefix among others, in the order of insertion',
  { timeout: 30_000 },
  async (count, { store }) => {
    const keys = Array.from({ length: count }, (_, i) => `user:${(i * 7_919) % 100_003}`)
    store.setMany(
      keys.flatMap(
        (key) =>
          [
            [key, 1],
            [`other ${key}`, 2],
          ] as [string, number][],
      ),
    )
    store.set(keys[3] as string, 'replaced')
    expect([...store.keys({ prefix: 'user:' })]).toEqual(keys)
    expect([...store.keys({ prefix: 'user:', reverse: true })]).toEqual(keys.toReversed())
    expect(await Array.fromAsync(store.promises.keys({ prefix: 'user:' }))).toEqual(keys)
    const seen: unknown[] = []
    for (const [key] of store.entries({ prefix: 'user:' })) {
      if (seen.push(key) > 1) continue
      store.setMany([['user:added', 1]])
      store.deleteMany(keys.slice(-10))
    }
    expect(seen).toEqual(keys.slice(0, -10))
  },
)

test('Iteration leaves out what has expired, is damaged, or goes away meanwhile', ({ store, clock }) => {
  store.set('file', LARGE)
  loseFiles(store)
  store.set('expired', 1, { ttl: 1 })
  for (let i = 0; i < 250; i++) store.set(i, i)
  clock.advance(1)
  const seen: unknown[] = []
  for (const [key] of store) {
    seen.push(key)
    if (key === 50) store.deleteMany(Array.from({ length: 100 }, (_, i) => i + 130))
  }
  expect(seen).toEqual([...Array(130).keys(), ...Array.from({ length: 20 }, (_, i) => i + 230)])
})

test.for(['insertion', 'sorted'] as const)(
  'Iteration ends although entries are added meanwhile, in %s order',
  (order, { store }) => {
    store.set('a', 1)
    for (const key of store.keys({ order })) store.set(`${key}a`, 1)
    expect(store.size).toBe(2)
  },
)

test.for([{}, { order: 'sorted' }, { reverse: true }] as const)(
  'Iteration with %o leaves out what is added in place of the newest entries',
  async (options, { store }) => {
    const keys = Array.from({ length: 300 }, (_, i) => `key ${i}`)
    const replaceNewest = () => {
      store.deleteMany(['key 297', 'key 298', 'key 299'])
      store.setMany(['added 1', 'added 2', 'added 3', 'key 299'].map((key) => [key, 1]))
    }
    for (const face of [store, store.promises]) {
      store.clear()
      store.setMany(keys.map((key) => [key, key]))
      const seen: unknown[] = []
      for await (const key of face.keys(options)) if (seen.push(key) === 1) replaceNewest()
      expect(seen.filter((key) => String(key).startsWith('added'))).toEqual([])
      expect(new Set(seen)).toEqual(new Set(seen.includes('key 299') ? keys : keys.slice(0, 297)))
    }
  },
)

test('Iteration after damage to the number of the newest entry goes on as before', ({ store, directory }) => {
  for (const value of [-1n, 2n ** 63n - 1n, 'text', null]) {
    storeSetting(directory, 'node_newest', value)
    store.set('key', value)
    expect(store.get('key')).toBe(value)
    expect([...store.keys()]).toEqual(['key'])
    store.clear()
  }
})

test('Iteration holds no lock between its steps', ({ store, reopen }) => {
  for (let i = 0; i < 300; i++) store.set(i, i)
  const iterator = store.entries()
  iterator.next()
  const other = reopen()
  expect(other.clear()).toBe(300)
  expect([...iterator]).toHaveLength(99)
})

test('Iteration ends with ERR_DISKCACHE_CLOSED when the cache is closed meanwhile', ({ store }) => {
  for (let i = 0; i < 300; i++) store.set(i, i)
  const iterator = store.entries()
  iterator.next()
  store.close()
  expect(() => [...iterator]).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_CLOSED' }))
})

test('Iteration gives iterators with helpers', ({ store }) => {
  store.setMany([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ])
  const sum = store
    .values()
    .filter((value) => value !== 2)
    .reduce((total: number, value) => total + Number(value), 0)
  expect(sum).toBe(4)
})
