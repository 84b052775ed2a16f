import { expect, test } from 'vitest'
import type { IndexRow } from './rows.ts'
import { type Publication, type Usage, withoutVariants, withStaleVariants, withVariant } from './variants.ts'

const UNUSED: Usage = { hits: () => 0, refusals: () => 0 }

function publication(id: string, more: Partial<Publication> = {}): Publication {
  const fixed = { names: [], selectBy: () => `selection of ${id}`, until: 1_000, requestedAt: 1 }
  return { id, ...fixed, isMadeUp: false, ...more }
}

function publish(old: IndexRow | undefined, fresh: Publication, usage = UNUSED): IndexRow | undefined {
  return withVariant(old, fresh, { now: 1, usage })?.row
}

function full(isMadeUp: boolean, old?: IndexRow): IndexRow | undefined {
  const ids = Array.from({ length: 16 }, (_, at) => `${isMadeUp} ${at}`)
  return ids.reduce<IndexRow | undefined>((index, id) => publish(index, publication(id, { isMadeUp })), old)
}

function ids(index: IndexRow | undefined): string[] {
  return (index?.variants ?? []).map(({ id }) => id)
}

test('withVariant() never drops a variant for one that anybody could have made up', () => {
  const index = full(true, publish(undefined, publication('page')))
  expect(ids(index)).toContain('page')
  const often = { ...UNUSED, refusals: () => 1_000 }
  const changed = publish(index, publication('another', { isMadeUp: true }), often)
  expect(ids(changed)).toEqual(expect.arrayContaining(['page', 'another']))
  expect(ids(changed).length).toBe(17)
})

test('withVariant() drops what is used least, and the latest of these', () => {
  const index = full(false)
  const hits = (id: string) => (['false 3', 'false 5'].includes(id) ? 0 : 1)
  expect(publish(index, publication('new'), { hits, refusals: () => 0 })).toBeUndefined()
  const asked = publish(index, publication('new'), { hits, refusals: () => 1 })
  expect(ids(asked)).not.toContain('false 5')
  expect(ids(asked)).toEqual(expect.arrayContaining(['new', 'false 3']))
})

test('withVariant() notes how often a variant was used, also when it is made anew, and forgets by and by', () => {
  const first = publish(undefined, publication('a'))
  const again = publish(first, publication('b', { selectBy: () => 'selection of a' }), {
    hits: () => 9,
    refusals: () => 0,
  })
  expect(again?.variants).toMatchObject([{ id: 'b', uses: 11 }])
  const much = publish(again, publication('c'), { hits: () => 300, refusals: () => 0 })
  expect(much?.variants).toMatchObject([
    { id: 'b', uses: 155.5 },
    { id: 'c', uses: 0.5 },
  ])
})

test('withVariant() stores nothing that a purge or a later answer has overtaken', () => {
  const purged = withoutVariants(full(false), 5)
  expect([purged.row.variants.length, purged.dropped.length]).toEqual([0, 16])
  expect(publish(purged.row, publication('late', { requestedAt: 5 }))).toBeUndefined()
  const later = publish(purged.row, publication('a', { requestedAt: 7 }))
  expect(publish(later, publication('a', { requestedAt: 6 }))).toBeUndefined()
})

test('withStaleVariants() keeps the variants, stale from then on', () => {
  const { row, dropped } = withStaleVariants(publish(undefined, publication('a')), 5)
  expect(row.variants).toMatchObject([{ id: 'a', staleAt: 5 }])
  expect(dropped).toEqual([])
  expect(withStaleVariants(row, 9).row.variants).toMatchObject([{ staleAt: 5 }])
  const renewed = { ...row, variants: row.variants.map((variant) => ({ ...variant, requestedAt: 7 })) }
  expect(withStaleVariants(renewed, 9).row.variants).toMatchObject([{ staleAt: 9 }])
  expect(publish(row, publication('b', { requestedAt: 5 }))).toBeUndefined()
})
