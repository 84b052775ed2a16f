import {
  type ListedEntry,
  type ListOrder,
  type ListQuery,
  type ListStep,
  STORE_LISTING,
  type StoreListing,
  type SurveyStep,
} from '@diskcache/core'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { Cache } from '../cache.ts'

const ORDERS: readonly ListOrder[] = ['insertion', 'key', 'size', 'stored', 'read', 'expiry', 'hits']

function openCache(): Cache {
  const cache = new Cache()
  onTestFinished(() => {
    expect(cache.check()).toEqual([])
    cache.close()
  })
  return cache
}

async function listed(listing: StoreListing, query: ListQuery): Promise<readonly ListedEntry[]> {
  for await (const step of listing.list(query)) if (step.isDone) return step.entries
  throw new Error('The last step is not done')
}

async function allPages(listing: StoreListing, query: Omit<ListQuery, 'after'>): Promise<ListedEntry[]> {
  const all: ListedEntry[] = []
  for (;;) {
    const page = await listed(listing, { ...query, after: all.at(-1)?.place })
    all.push(...page)
    if (page.length < query.limit) return all
  }
}

test('list() gives each entry once, page by page, in every order and both ways', async () => {
  const cache = openCache()
  for (let i = 0; i < 3_000; i++) {
    const key = [`key:${i % 50}:${i}`, i, [i], Buffer.from([i % 256, i >> 8]), -i - 0.5][i % 5] as string
    const value = [i, 'x'.repeat(i), { i }, Buffer.alloc(i), null][(i * 7) % 5]
    cache.set(key, value, { ttl: i % 3 === 0 ? 60_000 + (i % 7) * 1000 : Infinity })
  }
  const listing = cache.promises[STORE_LISTING]
  for (const order of ORDERS) {
    for (const reverse of [false, true]) {
      const whole = await listed(listing, { order, reverse, limit: 5_000 })
      expect(new Set(whole.map(({ key }) => JSON.stringify(key))).size).toBe(3_000)
      const paged = await allPages(listing, { order, reverse, limit: 170 })
      expect(paged.map(({ key }) => key)).toEqual(whole.map(({ key }) => key))
    }
  }
})

test('list() finds by prefix, text, tag, kind and expiry what a search of all entries finds', async () => {
  const cache = openCache()
  const names = ['user:Ada', 'user:ada', 'user:', 'üser:1', 'user;', 'USER:2', 'a%b', 'a_b', "it's"]
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          key: fc.oneof(fc.constantFrom(...names), fc.integer(), fc.string()),
          tags: fc.subarray(['a', 'b', 'é']),
        }),
      ),
      fc.constantFrom('user:', 'ada', '2', 'a', '%', "'"),
      fc.constantFrom(...ORDERS),
      async (entries, text, order) => {
        cache.clear()
        for (const { key, tags } of entries)
          cache.set(key, String(key).length > 4 ? 'text' : { key }, { tag: tags })
        const listing = cache.promises[STORE_LISTING]
        const all = await listed(listing, { limit: 5_000 })
        const find = async (query: Omit<ListQuery, 'limit'>) =>
          new Set((await listed(listing, { ...query, order, limit: 5_000 })).map(({ key }) => key))
        const filter = (keeps: (entry: ListedEntry) => boolean) =>
          new Set(all.filter(keeps).map(({ key }) => key))
        expect(await find({ prefix: text })).toEqual(
          filter(({ key }) => typeof key === 'string' && key.startsWith(text)),
        )
        expect(await find({ text })).toEqual(filter(({ key }) => asciiLower(String(key)).includes(text)))
        expect(await find({ tag: 'b' })).toEqual(filter(({ tags }) => tags.includes('b')))
        expect(await find({ kind: 'text' })).toEqual(filter(({ kind }) => kind === 'text'))
      },
    ),
    { numRuns: 60 },
  )
})

function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

test('list() tells what is stored beside a value, and what is damaged', async () => {
  const cache = openCache()
  cache.configure({ evictionPolicy: 'least-frequently-used' })
  cache.set('small', 'é', { ttl: 60_000, tag: ['a', 2], pin: true })
  cache.set('large', Buffer.alloc(100_000), { pin: 'share' })
  cache.get('small')
  const [small, large] = await listed(cache.promises[STORE_LISTING], { order: 'size', limit: 2 })
  const expireTime = cache.getEntry('small')?.expireTime
  expect(small).toMatchObject({
    key: 'small',
    kind: 'text',
    bytes: 2,
    isInFile: false,
    tags: ['a', 2],
    pin: true,
  })
  expect(small).toMatchObject({ expireTime, isDamaged: false, storeTime: expect.any(Number) })
  expect(large).toMatchObject({ key: 'large', kind: 'bytes', bytes: 100_000, isInFile: true, pin: 'share' })
})

test('survey() counts every entry once', async () => {
  const cache = openCache()
  cache.setMany(
    Array.from({ length: 3_000 }, (_, i) => [`n${i % 3}:${i}`, 'x'.repeat(i % 9), { tag: `t${i % 4}` }]),
  )
  cache.set('big', Buffer.alloc(70_000), { ttl: 90 * 60_000 })
  const groups = await Array.fromAsync(cache.promises[STORE_LISTING].survey()).then((steps) =>
    steps.flatMap(({ groups }) => groups),
  )
  const sum = (of: (group: (typeof groups)[number]) => boolean) =>
    groups.filter(of).reduce((total, { entries }) => total + entries, 0)
  expect(sum(() => true)).toBe(3_001)
  expect(sum(({ tags }) => tags.includes('t1'))).toBe(750)
  expect(sum(({ namespace }) => namespace === 'n2')).toBe(1_000)
  expect(sum(({ sizeClass }) => sizeClass === -1)).toBe(334)
  expect(sum(({ sizeClass }) => sizeClass === 3)).toBe(333)
  expect(groups.filter(({ bytes }) => bytes === 70_000)).toMatchObject([
    { kind: 'bytes', expiresInMinutes: 60, sizeClass: 16 },
  ])
})

test.for(['list', 'survey'] as const)(
  '%s() lets the event loop turn between rows that are very long',
  async (name) => {
    const cache = openCache()
    cache.setMany(Array.from({ length: 60 }, (_, i) => [`${'k-'.repeat(300_000)}${i}`, i]))
    const query = { order: 'size', limit: 10 } as const
    const listing = cache.promises[STORE_LISTING]
    const steps = await Array.fromAsync<ListStep | SurveyStep>(
      name === 'list' ? listing.list(query) : listing.survey(),
    )
    expect(steps.length).toBeGreaterThan(3)
  },
)

test('raw() gives a value as it is stored, and facts() those of the directory', async () => {
  const cache = openCache()
  cache.set('text', 'x'.repeat(40_000))
  cache.set('number', 1)
  const listing = cache.promises[STORE_LISTING]
  expect(await listing.raw('number')).toMatchObject({ mode: 1, data: 1n, filename: undefined })
  expect((await listing.raw('number'))?.read()).toBe(1)
  expect(await listing.raw('text')).toMatchObject({ mode: 3, data: Buffer.from('x'.repeat(40_000)) })
  expect(await listing.raw('missing')).toBeUndefined()
  expect(await listing.facts()).toMatchObject({
    codec: 'msgpack',
    format: 300,
    entries: 2,
    fileBytes: 40_000,
    isPythons: false,
  })
})
