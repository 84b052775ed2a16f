import { setTimeout as delay } from 'node:timers/promises'
import { errorChannel } from '@diskcache/core'
import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../../recipe-suite.ts'
import type { GetOrSetOptions } from '../../recipes.ts'
import { until } from '../../until.ts'
import { keep, LEASE_KEY, RESULT_KEY, settled } from '../kept-value.ts'
import { slowMake } from '../slow-make.ts'
import { watchLease } from '../watch-lease.ts'

const ERROR = new Error('no decision')

function throwing(): never {
  throw ERROR
}

/** Options, and the error, or what the error says. */
type BadDecision = readonly [when: string, options: GetOrSetOptions, expected: RegExp | Error]

const BAD_DECISIONS: readonly BadDecision[] = [
  ['ttl throws', { ttl: throwing }, ERROR],
  ['keep throws', { keep: throwing }, ERROR],
  ['ttl returns NaN', { ttl: () => Number.NaN }, /the result of ttl: .* at least 0, or Infinity, got NaN/],
  ['ttl returns -1', { ttl: () => -1 }, /the result of ttl: .*got -1/],
  ['ttl returns no number', { ttl: () => '5' as never }, /the result of ttl: .*got '5'/],
  ['ttl is asynchronous', { ttl: (async () => 5) as never }, /decide by ttl: .*promise/],
  ['keep returns no boolean', { keep: () => 1 as never }, /the result of keep: .*got 1/],
  ['keep is asynchronous', { keep: (() => Promise.reject(ERROR)) as never }, /decide by keep: .*promise/],
]

interface Token {
  readonly run: number
  readonly life: number
}

/** Tests that the value itself can decide for how long it is kept, and whether at all. */
export function decidesByValue(suite: RecipeSuite): void {
  decidesInTime(suite)
  sharesWhatIsNotKept(suite)
  survivesBadDecisions(suite)
}

function decidesInTime({ name, test, recipes: { getOrSet, memoizeStampede } }: RecipeSuite): void {
  describe(`${name}: getOrSet() decides by the value`, () => {
    test('how long it is fresh', async ({ store, clock }) => {
      let run = 0
      const load = memoizeStampede(store, async (life: number): Promise<Token> => ({ run: ++run, life }), {
        name: 'load',
        ttl: ({ life }) => life,
        beta: 0,
      })
      const both = async () => [(await load(1_000)).run, (await load(5_000)).run]
      expect(await both()).toEqual([1, 2])
      clock.advance(999)
      expect(await both()).toEqual([1, 2])
      clock.advance(1)
      expect(await both()).toEqual([3, 2])
      expect(await load(Infinity)).toMatchObject({ run: 4 })
      clock.advance(1e12)
      expect(await load(Infinity)).toMatchObject({ run: 4 })
    })

    test('whether it is kept', async ({ store, reopen }) => {
      const values = [null, null, 'found']
      const load = memoizeStampede(store, () => values.shift(), { name: 'load', keep: (v) => v !== null })
      expect([await load(), await load()]).toEqual([null, null])
      expect(await store.has(load.cacheKey())).toBe(false)
      expect([await load(), await load(), values.length]).toEqual(['found', 'found', 0])
      expect(await getOrSet(reopen(), 'k', () => 1, { ttl: () => 0 })).toBe(1)
      expect(await store.has(RESULT_KEY)).toBe(false)
    })

    test('in the background: what is not kept leaves the stale value, for a second nobody tries again', async ({
      store,
      clock,
    }) => {
      await keep(getOrSet, store, 'old', { ttl: 1_000, staleFor: 60_000 })
      clock.advance(1_500)
      const makes = ['partial', 'partial', 'new']
      const make = () => makes.shift()
      const get = () =>
        getOrSet(store, 'k', make, {
          ttl: (value) => String(value).length * 1_000,
          keep: (value) => value !== 'partial',
          staleFor: 60_000,
          beta: 0,
        })
      for (const left of [2, 1]) {
        expect(await get()).toBe('old')
        await until(async () => (await store.get(LEASE_KEY)) !== undefined && makes.length === left)
        await until(
          async () => ((await store.get(LEASE_KEY)) as { holds: [] } | undefined)?.holds.length === 0,
        )
        expect(await get()).toBe('old')
        await delay(20)
        expect(makes.length).toBe(left)
        clock.advance(1_001)
      }
      expect(await get()).toBe('old')
      await settled(store, 'new')
      clock.advance(2_999)
      expect(await get()).toBe('new')
      expect(makes).toEqual([])
    })
  })
}

/** Who takes a store that is slow on a busy machine for one that is away computes alone. */
const PATIENT = { storeTimeout: 30_000 }

function sharesWhatIsNotKept({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet() shares what is not kept`, () => {
    test.for([
      ['by keep', { keep: () => false, ...PATIENT }],
      ['by ttl', { ttl: () => 0, ...PATIENT }],
    ] as const)(
      'with those who wait, in all processes, and with nobody later: %s',
      async ([, options], { store, reopen }) => {
        for (const value of ['partial', undefined]) {
          const { runs, make, begun } = slowMake()
          const here = [1, 2].map(() => getOrSet(store, 'k', make, options))
          await begun(1)
          const { store: other, begun: waits } = watchLease(reopen())
          const there = [1, 2].map(() => getOrSet(other, 'k', make, options))
          await waits
          runs[0]?.resolve(value)
          expect(await Promise.all([...here, ...there])).toEqual(Array(4).fill(value))
          expect(runs).toHaveLength(1)
          const later = getOrSet(other, 'k', make, options)
          await begun(2)
          runs[1]?.resolve('later')
          expect(await later).toBe('later')
        }
      },
    )

    test.for([
      ['too large', () => Buffer.alloc(2_000_000)],
      ['of no kind that can be kept', () => () => {}],
    ] as const)('but when it is %s: they compute their own', async ([, make], { store, reopen }) => {
      const errors: unknown[] = []
      const options = { ...PATIENT, keep: () => false, onError: (error: unknown) => errors.push(error) }
      const [first, others] = [slowMake(), slowMake()]
      const here = getOrSet(store, 'k', first.make, options)
      await first.begun(1)
      const { store: other, begun: waits } = watchLease(reopen())
      const there = getOrSet(other, 'k', others.make, options)
      await waits
      const value = make()
      first.runs[0]?.resolve(value)
      expect(await here).toBe(value)
      await others.begun(1)
      others.runs[0]?.resolve('own')
      expect(await there).toBe('own')
      expect(errors).toEqual([])
    })
  })
}

function survivesBadDecisions({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet() gives the value, keeps nothing and tells onError and the channel`, () => {
    test.for(BAD_DECISIONS)('when %s', async ([, options, expected], { store }) => {
      const [errors, told]: unknown[][] = [[], []]
      const listen = (message: unknown) => void told?.push((message as { error: unknown }).error)
      errorChannel.subscribe(listen)
      const onError = (error: unknown) => void errors?.push(error)
      const value = await getOrSet(store, 'k', () => 'value', { ...options, onError })
      errorChannel.unsubscribe(listen)
      expect(value).toBe('value')
      expect(await store.has(RESULT_KEY)).toBe(false)
      expect(errors).toHaveLength(1)
      // What an earlier test has left behind may be told meanwhile.
      expect(told).toContain(errors?.[0])
      if (expected instanceof RegExp) expect(String(errors?.[0])).toMatch(expected)
      else expect(errors).toEqual([expected])
    })
  })
}
