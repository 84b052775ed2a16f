import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../../recipe-suite.ts'
import { until } from '../../until.ts'
import { keep, LEASE_KEY, RESULT_KEY } from '../kept-value.ts'
import { slowMake } from '../slow-make.ts'

/** Tests that a failure is given again for as long as `failureTtl` says, and never instead of a value. */
export function keepsFailures(suite: RecipeSuite): void {
  givesFailures(suite)
  forgetsFailures(suite)
  survivesBadDecisions(suite)
  prefersValues(suite)
}

function failing() {
  const error = Object.assign(new RangeError('no luck'), { code: 'ERR_NO_LUCK' })
  let runs = 0
  const make = () => {
    runs++
    throw error
  }
  return { error, make, runs: () => runs }
}

const DESCRIBED = { name: 'RangeError', message: 'no luck', code: 'ERR_NO_LUCK' }

function givesFailures({ name, test, recipes: { getOrSet, memoizeStampede } }: RecipeSuite): void {
  describe(`${name}: getOrSet() keeps failures with failureTtl`, () => {
    test('for so long, for all processes', async ({ store, reopen, clock }) => {
      const { error, make, runs } = failing()
      const options = { failureTtl: 1_000, ttl: 60_000 }
      await expect(getOrSet(store, 'k', make, options)).rejects.toBe(error)
      const other = reopen()
      clock.advance(999)
      for (const one of [store, other]) {
        const rejection = expect(getOrSet(one, 'k', make, options)).rejects
        await rejection.toMatchObject(DESCRIBED)
      }
      await expect(getOrSet(other, 'k', make)).rejects.toMatchObject(DESCRIBED)
      expect(runs()).toBe(1)
      clock.advance(1)
      expect(await getOrSet(other, 'k', () => 'luck', options)).toBe('luck')
      expect(await getOrSet(store, 'k', make, options)).toBe('luck')
    })

    test('as the error says; not at all by default, and when a function returns 0', async ({
      store,
      clock,
    }) => {
      const { make, runs } = failing()
      const failureTtl = (error: unknown) => (error instanceof RangeError ? 5_000 : 0)
      const call = memoizeStampede(store, (fail: () => never) => fail(), {
        name: 'call',
        key: (fail) => fail.name,
        failureTtl,
      })
      for (const passed of [0, 4_999]) {
        clock.advance(passed)
        await expect(call(make)).rejects.toMatchObject(DESCRIBED)
      }
      expect(runs()).toBe(1)
      const other = () => Promise.reject(new TypeError('other'))
      await expect(getOrSet(store, 'k', other, { failureTtl })).rejects.toThrow('other')
      await expect(getOrSet(store, 'k', make)).rejects.toThrow('no luck')
      expect(await getOrSet(store, 'k', () => 'luck', { failureTtl })).toBe('luck')
    })
  })
}

function forgetsFailures({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet() keeps a failure with failureTtl`, () => {
    test('until it is forgotten, removed, or evicted by its tag', async ({ store, reopen }) => {
      const { make, runs } = failing()
      const options = { failureTtl: 60_000, tag: 't' }
      const fail = () => expect(getOrSet(store, 'k', make, options)).rejects.toThrow('no luck')
      await fail()
      expect(await getOrSet.forget(reopen(), 'k')).toBe(true)
      await fail()
      expect(await store.delete(RESULT_KEY)).toBe(true)
      await fail()
      expect(runs()).toBe(3)
      await store.evict('t')
      expect(await getOrSet(store, 'k', () => 'luck', options)).toBe('luck')
    })

    test('but none that was forgotten while it occurred', async ({ store, reopen }) => {
      const { runs, make, begun } = slowMake()
      const options = { failureTtl: 60_000 }
      const failed = expect(getOrSet(store, 'k', make, options)).rejects.toThrow('outdated')
      await begun(1)
      await getOrSet.forget(reopen(), 'k')
      runs[0]?.reject(new Error('outdated'))
      await failed
      expect(await getOrSet(store, 'k', () => 'luck', options)).toBe('luck')
    })

    test('also where no value is kept', async ({ store }) => {
      const { make, runs } = failing()
      const options = { ttl: 0, failureTtl: 60_000 }
      for (const one of [make, make]) await expect(getOrSet(store, 'k', one, options)).rejects.toThrow('luck')
      expect(runs()).toBe(1)
    })
  })
}

function survivesBadDecisions({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet() keeps no failure`, () => {
    test.for([
      ['throws', () => expect.unreachable('no decision'), /no decision/],
      ['returns NaN', () => Number.NaN, /the result of failureTtl: .*got NaN/],
      ['returns Infinity', () => Infinity, /the result of failureTtl: .*got Infinity/],
      ['is asynchronous', (async () => 5) as never, /decide by failureTtl: .*promise/],
    ] as const)(
      'but none when failureTtl %s, which onError is told',
      async ([, failureTtl, expected], { store }) => {
        const { error, make } = failing()
        const errors: unknown[] = []
        const onError = (error: unknown) => errors.push(error)
        await expect(getOrSet(store, 'k', make, { failureTtl, onError })).rejects.toBe(error)
        expect(errors).toHaveLength(1)
        expect(String(errors[0])).toMatch(expected)
        expect(await getOrSet(store, 'k', () => 'luck')).toBe('luck')
      },
    )
  })
}

function prefersValues({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet() with failureTtl prefers values`, () => {
    test('a stale one, which a failure does not replace', async ({ store, clock }) => {
      const { make, runs } = failing()
      const errors: unknown[] = []
      const onError = (error: unknown) => errors.push(error)
      const options = { ttl: 1_000, staleFor: 60_000, failureTtl: 30_000, onError }
      await keep(getOrSet, store, 'old', options)
      clock.advance(1_500)
      expect(await getOrSet(store, 'k', make, options)).toBe('old')
      await until(() => errors.length > 0)
      await until(async () => ((await store.get(LEASE_KEY)) as { holds: [] } | undefined)?.holds.length === 0)
      expect(await getOrSet(store, 'k', make, options)).toBe('old')
      expect(runs()).toBe(1)
      // Who accepts no stale value gets the failure, and the value stays for the others.
      await expect(getOrSet(store, 'k', make, { failureTtl: 30_000 })).rejects.toThrow('no luck')
      expect(await getOrSet(store, 'k', make, options)).toBe('old')
    })

    test('one that comes later', async ({ store }) => {
      const { make } = failing()
      await expect(getOrSet(store, 'k', make, { failureTtl: 30_000 })).rejects.toThrow('no luck')
      await store.set(RESULT_KEY, { value: 'new', delta: 0, softExpiry: null, token: 1 })
      expect(await getOrSet(store, 'k', make)).toBe('new')
    })
  })
}
