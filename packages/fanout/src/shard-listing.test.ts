import { type ListedEntry, type ListOrder, STORE_LISTING } from '@diskcache/core'
import { expect, onTestFinished, test } from 'vitest'
import { FanoutCache } from './fanout-cache.ts'

const ORDERS: readonly ListOrder[] = ['insertion', 'key', 'size', 'stored', 'read', 'expiry', 'hits']

function openCache(): FanoutCache {
  const cache = new FanoutCache(undefined, { shards: 3 })
  onTestFinished(() => {
    expect(cache.check()).toEqual([])
    cache.close()
  })
  return cache
}

test('list() gives the entries of all shards as one, page by page, in every order and both ways', async () => {
  const cache = openCache()
  cache.setMany(
    Array.from({ length: 200 }, (_, i) => [
      `key ${i % 7} ${i}`,
      'x'.repeat(i % 5),
      { ttl: 60_000 * (1 + (i % 3)) },
    ]),
  )
  const listing = cache.promises[STORE_LISTING]
  const page = async (order: ListOrder, reverse: boolean, limit: number, after?: ListedEntry) => {
    for await (const step of listing.list({ order, reverse, limit, after: after?.place }))
      if (step.isDone) return step.entries
    throw new Error('The last step is not done')
  }
  for (const order of ORDERS) {
    for (const reverse of [false, true]) {
      const whole = await page(order, reverse, 500)
      expect(new Set(whole.map(({ key }) => key)).size).toBe(200)
      const paged: ListedEntry[] = []
      while (paged.length < 200) paged.push(...(await page(order, reverse, 13, paged.at(-1))))
      expect(paged).toEqual(whole)
    }
  }
  const whole = await page('insertion', false, 500)
  for (const part of [0, 1, 2]) {
    const steps = await Array.fromAsync(listing.list({ part, limit: 500 }))
    expect(steps.at(-1)?.entries).toEqual(whole.filter(({ place }) => place.part === part))
  }
  const keys = (await page('key', false, 500)).map(({ key }) => key)
  expect(keys).toEqual([...keys].sort())
})

test('survey(), raw() and facts() are of all shards', async () => {
  const cache = openCache()
  cache.setMany(Array.from({ length: 100 }, (_, i) => [i, 'x'.repeat(i === 7 ? 50_000 : 1)]))
  const listing = cache.promises[STORE_LISTING]
  const steps = await Array.fromAsync(listing.survey())
  expect(steps.flatMap(({ groups }) => groups).reduce((total, { entries }) => total + entries, 0)).toBe(100)
  expect(steps.at(-1)).toMatchObject({ isDone: true, scanned: 100, total: 100 })
  expect((await listing.raw(7))?.filename).toMatch(/^00[0-2]\/..\/..\//)
  expect(await listing.facts()).toMatchObject({
    entries: 100,
    parts: 3,
    fileBytes: 50_000,
    settings: { sizeLimit: cache.settings.sizeLimit },
  })
})
