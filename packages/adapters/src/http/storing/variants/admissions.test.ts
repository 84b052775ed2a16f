import { expect, test } from 'vitest'
import type { CacheRequest } from '../../rules/cache-request.ts'
import { selectionOf } from '../../rules/selection.ts'
import { Admissions } from './admissions.ts'
import { Demand, demandKey } from './demand.ts'

const NAMES = ['x-shade']

/** The length of a period in milliseconds. */
const PERIOD = 5_000

function asking(shade: string): CacheRequest {
  return {
    headers: { 'x-shade': shade },
    selecting: [],
    target: { scheme: 'http', host: 'a', path: '/' },
  } as never
}

/** Asks whether each of these finds a place, after a search that saw so many others. */
function admitted(admissions: Admissions, shades: readonly string[], { count = 0, least = 1 } = {}) {
  const searched = shades.map((shade) => {
    const request = asking(shade)
    return { request, vacancy: admissions.vacancy('id', request, { names: NAMES, count, least }) }
  })
  return searched.map(({ request, vacancy }) => admissions.admit(vacancy, request, NAMES))
}

const SHADES = Array.from({ length: 20 }, (_, at) => String(at))

test('Admissions.admit() finds places for 16, with those that are under way, and again for what comes to nothing', () => {
  const admissions = new Admissions(new Demand(() => 0), () => 0)
  const ends = admitted(admissions, SHADES)
  expect(ends.map((end) => end !== undefined)).toEqual(SHADES.map((_, at) => at < 16))
  // It has a place already.
  expect(admitted(admissions, ['3'])[0]).toBeDefined()
  for (const end of ends) end?.()
  expect(admitted(admissions, SHADES, { count: 0 }).filter(Boolean)).toHaveLength(16)
})

test('Admissions.admit() does not count for long what is never stored', () => {
  let now = 100_000
  const admissions = new Admissions(new Demand(() => now), () => now)
  admitted(admissions, SHADES)
  for (const time of [109_999, 100_000]) {
    now = time
    expect(admitted(admissions, ['another'])[0]).toBeUndefined()
  }
  for (const time of [110_000, 99_999]) {
    now = time
    expect(admitted(admissions, [`another ${time}`])[0]).toBeDefined()
  }
})

test('Admissions.admit() counts what was stored since the search, and not what others store', () => {
  const admissions = new Admissions(new Demand(() => 0), () => 0)
  const [first, ...others] = SHADES.slice(0, 17).map((shade) => {
    const request = asking(shade)
    return { request, vacancy: admissions.vacancy('id', request, { names: NAMES, count: 0, least: 1 }) }
  })
  for (const { request, vacancy } of others) admissions.admit(vacancy, request, NAMES)?.()
  expect(admissions.admit(first!.vacancy, first!.request, NAMES)).toBeUndefined()
  const elsewhere = admissions.vacancy('other', first!.request, { names: NAMES, count: 0, least: 1 })
  expect(admissions.admit(elsewhere, first!.request, NAMES)).toBeDefined()
})

test('Admissions.admit() gives a place back once', () => {
  const admissions = new Admissions(new Demand(() => 0), () => 0)
  const end = admitted(admissions, ['0'])[0]
  end?.()
  admitted(admissions, SHADES.slice(0, 16))
  end?.()
  expect(admitted(admissions, ['another'])[0]).toBeUndefined()
})

test('Admissions.admit() finds the place of another for what is wanted twice as much', () => {
  let now = 0
  const demand = new Demand(() => now)
  const admissions = new Admissions(demand, () => now)
  const isAdmitted = (least: number) => admitted(admissions, ['new'], { count: 16, least })[0] !== undefined
  expect(isAdmitted(1)).toBe(false)
  expect(demand.of(demandKey('id', selectionOf(NAMES, asking('new'))))).toBe(1)
  now = PERIOD
  expect([isAdmitted(1), isAdmitted(0.4)]).toEqual([false, true])
})

test('Admissions.admit() takes an answer that is told apart by a further field for the first', () => {
  const admissions = new Admissions(new Demand(() => 0), () => 0)
  const request = asking('a')
  const vacancy = admissions.vacancy('id', request, { names: [], count: 16, least: 9 })
  expect(admissions.admit(vacancy, request, NAMES)).toBeDefined()
})
