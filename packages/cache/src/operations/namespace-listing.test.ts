import { type ListedEntry, type ListQuery, STORE_LISTING, type StoreListing } from '@diskcache/core'
import { expect, onTestFinished, test } from 'vitest'
import { Cache } from '../cache.ts'

const KEYS = ['user:1', 'nü', '#marked', '', 7, -0.5, null, ['a', 1], Buffer.from('ff00', 'hex'), 'key\ud800']

function open() {
  const cache = new Cache(undefined, { statistics: true })
  onTestFinished(() => cache.close())
  const namespace = cache.namespace('n😀')
  for (const [n, key] of KEYS.entries()) namespace.set(key, 'x'.repeat(n + 1), { tag: `t${n % 2}` })
  cache.set('n', 1)
  cache.set('o:user', 1)
  cache.namespace('n').set('user:2', 1)
  const listing = (namespace.promises as { [STORE_LISTING]?: StoreListing })[STORE_LISTING]!
  return { cache, namespace, listing }
}

async function listed(listing: StoreListing, query: Partial<ListQuery> = {}): Promise<ListedEntry[]> {
  for await (const { entries, isDone } of listing.list({ limit: 100, ...query }))
    if (isDone) return [...entries]
  throw new Error('The last step is not done')
}

test('a namespace lists its entries under their own keys, and counts no read', async () => {
  const { cache, listing } = open()
  const entries = await listed(listing)
  expect(new Set(entries.map(({ key }) => key))).toEqual(new Set(KEYS))
  const bySize = await listed(listing, { order: 'size', reverse: true, tag: 't1', limit: 2 })
  expect(bySize.map(({ key }) => key)).toEqual([KEYS[9], KEYS[7]])
  for (const { key, encodedKey, bytes } of entries) {
    const found = await listing.find?.(key!)
    expect([found?.key, found?.encodedKey, found?.bytes]).toEqual([key, encodedKey, bytes])
    expect((await listing.raw(key!))?.read()).toBe('x'.repeat(bytes))
  }
  expect(await listing.find?.('gone')).toBe(undefined)
  expect(await listing.facts()).toMatchObject({ entries: KEYS.length, settings: { statistics: true } })
  expect(cache.stats()).toMatchObject({ hits: 0, misses: 0 })
})

test('a namespace is searched without its name', async () => {
  const { listing } = open()
  const found = async (query: Partial<ListQuery>) => (await listed(listing, query)).map(({ key }) => key)
  expect(await found({ text: 'USER' })).toEqual(['user:1'])
  expect(await found({ text: 'n' })).toEqual(['nü'])
  expect(await found({ prefix: 'us' })).toEqual(['user:1'])
  expect(await found({ prefix: '#' })).toEqual(['#marked'])
})

test('a namespace lists page after page, and counts all entries by what they are', async () => {
  const { namespace, listing } = open()
  namespace.setMany(Array.from({ length: 1_500 }, (_, n) => [`many:${n}`, n] as const))
  const total = KEYS.length + 1_500
  for (const order of ['insertion', 'key', 'size'] as const) {
    const keys: unknown[] = []
    for (let after: ListedEntry | undefined, page = 0; page < 20; page++) {
      const entries = await listed(listing, { order, after: after?.place })
      keys.push(...entries.map(({ key }) => key))
      after = entries.at(-1)
      if (after === undefined) break
    }
    expect(new Set(keys.map((key) => JSON.stringify(key))).size).toBe(keys.length)
    expect(keys).toHaveLength(total)
  }
  const sums = new Map<string | undefined, number>()
  let last: unknown
  for await (const { groups, scanned, isDone } of listing.survey()) {
    for (const group of groups) sums.set(group.namespace, (sums.get(group.namespace) ?? 0) + group.entries)
    last = { scanned, isDone }
  }
  expect(last).toEqual({ scanned: total, isDone: true })
  expect(Object.fromEntries(sums)).toEqual({ many: 1_500, user: 1, undefined: KEYS.length - 1 })
})
