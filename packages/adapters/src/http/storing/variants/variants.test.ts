import { expect, test } from 'vitest'
import type { IndexRow } from '../rows.ts'
import {
  crowdOf,
  type Publication,
  type Usage,
  withDemand,
  withoutVariants,
  withRenewed,
  withStaleVariants,
  withVariant,
} from './variants.ts'

const UNUSED: Usage = { of: () => 0, before: () => 0 }

/** The length of a period in milliseconds. */
const PERIOD = 5_000

/** Gives the demand for what was published under these ids. */
function demandFor(demand: (id: string) => number): Usage {
  const of = (selection: string) => demand(selection.replace('selection of ', ''))
  return { of, before: of }
}

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
  const often = demandFor((id) => (id === 'another' ? 1_000 : 0))
  const changed = publish(index, publication('another', { isMadeUp: true }), often)
  expect(ids(changed)).toEqual(expect.arrayContaining(['page', 'another']))
  expect(ids(changed).length).toBe(17)
})

test('withVariant() drops what is asked for least, and the newest of these, for what is twice as much', () => {
  const index = full(false)
  const usage = (fresh: number) =>
    demandFor((id) => (id === 'new' ? fresh : ['false 3', 'false 5'].includes(id) ? 1 : 2))
  expect(publish(index, publication('new'), usage(2))).toBeUndefined()
  const changed = publish(index, publication('new'), usage(2.1))
  expect(ids(changed)).not.toContain('false 5')
  expect(ids(changed)).toEqual(expect.arrayContaining(['new', 'false 3']))
})

test('withVariant() keeps the place of a variant that is made anew, and notes how much it is asked for', () => {
  const usage = demandFor((id) => (id === 'false 0' ? 7 : 0))
  const again = publication('again', { selectBy: () => 'selection of false 0' })
  const changed = publish(full(false), again, usage)
  expect(ids(changed)[0]).toBe('again')
  expect(changed?.variants[0]).toMatchObject({ uses: 8, usedIn: 0 })
  expect(changed?.variants.length).toBe(16)
})

/** Returns an index with a page that was wanted much, and variants that were asked for once. */
function withPage(until: number): IndexRow {
  const page = publish(
    undefined,
    publication('page', { until }),
    demandFor(() => 19),
  )
  const others = Array.from({ length: 15 }, (_, at) => publication(`other ${at}`, { until }))
  return others.reduce<IndexRow | undefined>((index, one) => publish(index, one), page) as IndexRow
}

test('withVariant() keeps the places of those that have expired for a while', () => {
  const flood = publication('flood', { until: 1e9 })
  const publishAt = (now: number) => withVariant(withPage(1_000), flood, { now, usage: demandFor(() => 0) })
  expect(publishAt(10_999)).toBeUndefined()
  expect(ids(publishAt(11_000)?.row)).toEqual(['flood'])
})

test('withVariant() keeps no places of those that came before the clock was set back', () => {
  const flood = publication('flood', { until: 2e9, requestedAt: 1e9 })
  const index = full(false)
  const variants = index?.variants.map((variant) => ({ ...variant, requestedAt: 1e9 + 2_000, until: 2e9 }))
  const changed = withVariant({ ...index, variants } as IndexRow, flood, { now: 1e9, usage: UNUSED })
  expect(ids(changed?.row)).toEqual(['flood'])
})

test('withVariant() gives the place of what is not asked for any more to what is', () => {
  const usage = demandFor((id) => (id === 'new' ? 3 : 0))
  const changed = withVariant(withPage(1e9), publication('new', { until: 1e9 }), { now: PERIOD, usage })
  expect([ids(changed?.row)[0], ids(changed?.row).at(-1), changed?.dropped]).toEqual([
    'page',
    'new',
    ['other 14'],
  ])
})

test('withVariant() gives no place of what is asked for all the time, however often others are', () => {
  const usage = (page: number) => demandFor((id) => (id === 'page' ? page : 1 / (1 - 2 ** (-1 / 24))))
  const flood = publication('flood', { until: 1e9 })
  expect(withVariant(withPage(1e9), flood, { now: 40 * PERIOD, usage: usage(20) })).toBeUndefined()
  expect(withVariant(withPage(1e9), flood, { now: 40 * PERIOD, usage: usage(0) })?.dropped).toEqual(['page'])
})

test('withVariant() reads an index of before, whose uses meant something else', () => {
  const index = full(false)
  const variants = index?.variants.map(({ usedIn: _, ...variant }) => ({ ...variant, uses: 200 }))
  const old = { ...index, variants } as IndexRow
  expect(
    ids(
      publish(
        old,
        publication('new'),
        demandFor((id) => (id === 'new' ? 3 : 0)),
      ),
    ),
  ).toContain('new')
})

test('crowdOf() counts the variants of a kind that have places, and knows how much the least wanted is wanted', () => {
  const index = full(true, publish(undefined, publication('page')))
  const usage = demandFor((id) => (id === 'true 3' ? 2 : 4))
  expect(crowdOf(index, true, { now: 1, usage })).toEqual({ names: [], count: 16, least: 2 })
  expect(crowdOf(index, false, { now: 1, usage })).toEqual({ names: [], count: 1, least: 1 })
  expect(crowdOf(index, true, { now: 10_999, usage })).toMatchObject({ count: 16 })
  expect(crowdOf(index, true, { now: 11_000, usage })).toMatchObject({ count: 0, least: 1 })
  expect(crowdOf(undefined, true, { now: 1, usage })).toEqual({ names: [], count: 0, least: 1 })
})

test('withDemand() notes what this process knows, and keeps what another has noted', () => {
  const index = publish(publish(undefined, publication('a')), publication('b'))
  const usage = demandFor((id) => (id === 'a' ? 5 : 0))
  const noted = withDemand(index, { now: 1, usage })?.row
  expect(noted?.variants).toMatchObject([
    { id: 'a', uses: 5 },
    { id: 'b', uses: 1 },
  ])
  const later = withDemand(noted, { now: 1 + 24 * PERIOD, usage: UNUSED })?.row
  expect(later?.variants[0]?.uses).toBeCloseTo(2.5)
  expect(withDemand(undefined, { now: 1, usage })).toBeUndefined()
})

test('withRenewed() keeps place and demand', () => {
  const index = publish(
    publish(
      undefined,
      publication('a'),
      demandFor(() => 4),
    ),
    publication('b'),
  )
  const renewed = withRenewed(index, { id: 'a', until: 5_000, requestedAt: 2 }, { now: 1, usage: UNUSED })
  expect(renewed?.row.variants).toMatchObject([
    { id: 'a', uses: 5, until: 5_000, requestedAt: 2 },
    { id: 'b' },
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

test('withVariant() goes by a clock that was set back', () => {
  const at = (time: number, requestedAt = time) => ({ requestedAt, until: time + 60_000 })
  const change = (old: IndexRow | undefined, time: number) =>
    withVariant(old, publication('a', at(time)), { now: time, usage: UNUSED })?.row
  const purged = withoutVariants(undefined, 1_000_000).row
  // Of another process, whose clock is ahead.
  expect(change(purged, 940_000)).toBeUndefined()
  expect(change(purged, 939_999)?.variants).toMatchObject([at(939_999)])
  const stored = change(undefined, 1_000_000)
  expect(change(stored, 999_000)).toBeUndefined()
  expect(change(stored, 998_999)?.variants).toMatchObject([at(998_999)])
})

test('withRenewed() makes fresh what counted as stale, also by a clock that was set back', () => {
  const stored = publish(undefined, publication('a', { requestedAt: 1_000_000 }))
  const { row } = withStaleVariants(stored, 500_000)
  expect(row.variants).toMatchObject([{ staleAt: 1_000_000 }])
  const renewed = withRenewed(
    row,
    { id: 'a', until: 600_000, requestedAt: 500_001 },
    { now: 500_002, usage: UNUSED },
  )
  expect(renewed?.row.variants).toMatchObject([{ requestedAt: 500_001, until: 600_000 }])
  expect(renewed?.row.variants[0]).not.toHaveProperty('staleAt')
})
