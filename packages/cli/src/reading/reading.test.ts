import { Cache } from '@diskcache/cache'
import { type Key, STORE_LISTING } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { Lock } from '@diskcache/recipes'
import { MemoryStore } from '@diskcache/testkit/memory'
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { entryView } from './entry-view.ts'
import { idOf, keyOfId } from './key-id.ts'
import { placeOfText, textOfPlace } from './list-place.ts'
import { locksOf } from './locks.ts'
import { queuesOf, surveyOf } from './survey.ts'
import { idOfTag, tagOfId } from './tag-id.ts'
import { openTarget, storeTarget } from './targets/open-target.ts'
import type { Target } from './targets/target.ts'
import { WalkedListing } from './targets/walked-listing.ts'
import { viewOf, viewValue } from './value-view.ts'

function targetOf(store: Cache | FanoutCache): Target {
  onTestFinished(() => store.close())
  return storeTarget(store.promises, { name: 'test', isReadonly: false })
}

test('idOf() and keyOfId(), idOfTag() and tagOfId() are each other’s inverse', () => {
  const key = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.uint8Array(),
    fc.array(fc.string()),
  )
  fc.assert(
    fc.property(key, (key) => {
      expect(idOf(keyOfId(idOf(key as Key)))).toBe(idOf(key as Key))
    }),
  )
  const tag = fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.uint8Array().map(Buffer.from))
  fc.assert(
    fc.property(tag, (tag) => {
      expect(tagOfId(idOfTag(tag))).toEqual(tag)
    }),
  )
})

test('textOfPlace() and placeOfText() are each other’s inverse', () => {
  const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  const by = fc.oneof(
    fc.string(),
    int64,
    // SQLite has no negative zero.
    fc.double({ noNaN: true }).map((number) => number + 0),
    fc.uint8Array().map(Buffer.from),
  )
  fc.assert(
    fc.property(by, fc.nat(2), fc.nat(999), int64, (by, form, part, row) => {
      expect(placeOfText(textOfPlace({ by, form, part, row }))).toEqual({ by, form, part, row })
    }),
  )
  for (const text of [
    '[1]',
    '["",0,0,"9223372036854775808"]',
    '["i9999999999999999999",0,0,"1"]',
    '["",1e300,0,"1"]',
  ])
    expect(() => placeOfText(text), text).toThrow('no place of a page')
})

test('viewValue() shows JSON, text, pictures and bytes, and says what is wrong', async () => {
  const cache = new Cache()
  const target = targetOf(cache)
  const picture = Buffer.from('89504e470d0a1a0a00', 'hex')
  const values = {
    json: { a: [1, 'x'] },
    text: 'é',
    map: new Map([[1, 2]]),
    picture,
    hex: Buffer.from([0, 255]),
    log: Buffer.from('plain\n'),
  }
  for (const [key, value] of Object.entries(values)) cache.set(key, value)
  const forms = await Promise.all(Object.keys(values).map((key) => viewValue(target, key)))
  expect(forms.map((view) => [view?.form, view?.type])).toEqual([
    ['json', 'Object'],
    ['text', 'string'],
    ['text', 'Map'],
    ['picture', 'Buffer'],
    ['hex', 'Buffer'],
    ['text', 'Buffer'],
  ])
  expect(forms[2]?.text).toBe('Map(1) { 1 => 2 }')
  expect(forms[4]?.text).toMatch(/^00000000 {2}00 ff {40,} \.\.$/)
  expect(await viewValue(target, 'missing')).toBeUndefined()
  expect(await viewValue(target, 'text', { length: 0 })).toMatchObject({ text: '', isCut: true, bytes: 2 })
})

test('viewValue() walks no more of a value than it shows, however often its parts are there', async () => {
  const cache = new Cache()
  const target = targetOf(cache)
  let lists: unknown[] = ['leaf']
  let maps = new Map<string, unknown>([['leaf', 1]])
  // Walked whole, it would take hours.
  for (let depth = 0; depth < 40; depth++) {
    lists = [lists, lists]
    maps = new Map([
      ['left', maps],
      ['right', maps],
    ])
  }
  const text = 'x'.repeat(1_000_000)
  const texts = { list: Array.from({ length: 40_000 }, () => text) }
  cache.set('lists', lists)
  cache.set('maps', maps)
  cache.set('names', new Map([['all', Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [n, n]))]]))
  expect(await viewValue(target, 'lists')).toMatchObject({ form: 'text', type: 'Array', isCut: true })
  expect((await viewValue(target, 'lists'))?.text).toMatch(/^\[\n? *\[/)
  expect((await viewValue(target, 'maps'))?.text).toMatch(/^Map\(2\) \{\n? *'left' => Map\(2\)/)
  expect(await viewValue(target, 'names')).toMatchObject({
    text: "Map(1) { 'all' => [Object] }",
    isCut: true,
  })
  expect(viewOf({ mode: 4, data: null, filename: undefined, read: () => texts })).toMatchObject({
    isCut: true,
  })
  cache.set('number', -(1n << 2_000_000n))
  expect((await viewValue(target, 'number'))?.text).toMatch(/^-0x10{1000}/)
  const all = await viewValue(target, 'lists', { length: Number.MAX_SAFE_INTEGER })
  expect(all).toMatchObject({ form: 'text', isCut: true })
})

test('surveyOf(), queuesOf() and locksOf() tell what is there', async () => {
  const cache = new Cache()
  const target = targetOf(cache)
  cache.push(1)
  cache.push(2, { prefix: 'jobs' })
  cache.push(3, { prefix: 'jobs' })
  cache.set('user:1', 'Ada', { tag: ['a', 'b'], ttl: 30_000 })
  await using _held = await new Lock(cache, 'report').acquire()
  const survey = (await Array.fromAsync(surveyOf(target))).at(-1)?.sums()
  expect(survey).toMatchObject({ isDone: true, total: 5 })
  expect(survey?.byTag.map(({ label, entries }) => [label, entries])).toEqual(
    expect.arrayContaining([
      ['no tag', 4],
      ['a', 1],
      ['b', 1],
    ]),
  )
  expect(survey?.byExpiry.map(({ label, entries }) => [label, entries])).toEqual([
    ['within 5 min', 1],
    ['1 to 7 d', 1],
    ['never', 3],
  ])
  expect(survey?.byNamespace).toContainEqual({ label: 'user', id: 'user', entries: 1, bytes: 3 })
  expect(await queuesOf(target)).toEqual([
    { prefix: 'jobs', length: 2 },
    { prefix: '', length: 1 },
  ])
  expect(await locksOf(target, Date.now())).toMatchObject([
    { recipe: 'lock', name: 'report', holders: 1, waiting: 0 },
  ])
})

test('surveyOf() puts in order only what is asked for, and lets the event loop turn', async () => {
  const group = {
    ...({ kind: 'null', queue: undefined, entries: 1, bytes: 1 } as const),
    ...{ sizeClass: 0, ageHours: 0, expiresInMinutes: null },
  }
  const groups = Array.from({ length: 100_000 }, (_, n) => ({
    ...group,
    tags: [`t${n}`],
    namespace: `n${n}`,
  }))
  const step = { groups, scanned: 1, total: 1, isDone: true }
  const listing = {
    survey: async function* () {
      yield step
    },
  }
  using sort = vi.spyOn(Array.prototype, 'sort')
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const [progress] = await Array.fromAsync(surveyOf({ listing } as unknown as Target))
  clearInterval(timer)
  expect(turns).toBeGreaterThan(1)
  expect(sort).not.toHaveBeenCalled()
  expect(progress?.sums().byTag).toHaveLength(50)
  expect(sort).toHaveBeenCalled()
})

test('openTarget() opens directories of each kind and codec, and says what is there otherwise', async () => {
  const fanout = new FanoutCache(undefined, { shards: 2 })
  onTestFinished(() => fanout.close())
  fanout.set('key', 1)
  await using opened = await openTarget(fanout.directory, { readonly: true }).then(closing)
  expect(opened.target).toMatchObject({ kind: 'fanout', name: fanout.directory, isReadonly: true })
  expect((await opened.target.listing.facts()).entries).toBe(1)
  await expect(openTarget('/nowhere/at/all')).rejects.toThrow('there is no such directory')
  await expect(openTarget(import.meta.dirname)).rejects.toThrow('it is no cache')
  await expect(openTarget(import.meta.filename)).rejects.toThrow('it is a file')
})

function closing(target: Target) {
  return { target, [Symbol.asyncDispose]: () => target.close() }
}

test('a walk over a store without a listing finds what the listing of a cache finds', async () => {
  const cache = new Cache()
  onTestFinished(() => cache.close())
  const memory = new MemoryStore()
  for (let i = 0; i < 500; i++) {
    const options = { tag: i % 3 === 0 ? ['three'] : [], ttl: 60_000 + i * 1_000 }
    cache.set(`key ${i % 10} ${i}`, 'x'.repeat(i), options)
    await memory.set(`key ${i % 10} ${i}`, 'x'.repeat(i), options)
  }
  for (const order of ['key', 'size'] as const) {
    const query = { order, reverse: true, limit: 20, tag: 'three', text: 'KEY 4', prefix: 'key' }
    const listings = [cache.promises[STORE_LISTING], new WalkedListing(memory)]
    const found = await Promise.all(
      listings.map(async (listing) => {
        const [first] = (await Array.fromAsync(listing.list(query))).slice(-1)
        const after = first?.entries[4]?.place
        const [next] = (await Array.fromAsync(listing.list({ ...query, after }))).slice(-1)
        return [first, next].map((step) => step?.entries.map((entry) => entryView(entry, 0).key))
      }),
    )
    expect(found[1]).toEqual(found[0])
    expect(found[0]?.[1]?.length).toBeGreaterThan(5)
  }
})
