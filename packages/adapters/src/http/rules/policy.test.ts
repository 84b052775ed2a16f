import fc from 'fast-check'
import CachePolicy from 'http-cache-semantics'
import { expect, test } from 'vitest'
import { CacheControl } from '../fields/cache-control.ts'
import { ageOf, freshnessLeft, type Policy, policyOf } from './policy.ts'

const NOW = Date.parse('2026-01-01T00:00:00Z')
const NO_DEFAULT = { ttl: undefined, staleWhileRevalidate: 0, staleIfError: 0 }
const date = (seconds: number) => new Date(NOW + seconds * 1_000).toUTCString()

const seconds = fc.integer({ min: 0, max: 1_000 })

/** Directives that both understand alike. */
const directive = fc.oneof(
  fc.constantFrom('public', 'no-transform', 'extension="x"'),
  seconds.map((time) => `max-age=${time}`),
  seconds.map((time) => `s-maxage=${time}`),
  seconds.map((time) => `stale-while-revalidate=${time}`),
  seconds.map((time) => `stale-if-error=${time}`),
)

const headers = fc.record(
  {
    'cache-control': fc
      .uniqueArray(directive, { selector: (text) => text.split('=')[0] })
      .map((all) => all.join(', ')),
    expires: fc.oneof(fc.integer({ min: -500, max: 1_000 }).map(date), fc.constantFrom('0', '-1', 'never')),
    // Not in the past: the oracle does not count the apparent age.
    date: fc.constant(date(0)),
    age: fc.integer({ min: 0, max: 500 }).map(String),
  },
  { requiredKeys: [] },
)

type Headers = Partial<Record<'cache-control' | 'expires' | 'date' | 'age', string>>

/** A policy that takes the time from `now`, which the types of `CachePolicy` do not declare. */
class Oracle extends CachePolicy {
  time = NOW

  now(): number {
    return this.time
  }
}

/** A method that those types do not declare, either. */
type Undeclared = { useStaleWhileRevalidate(): boolean }

function ours(headers: Headers): Policy | undefined {
  const directives = CacheControl.parse(headers['cache-control']) as CacheControl
  return policyOf({ status: 200, headers, directives, requestedAt: NOW, receivedAt: NOW }, NO_DEFAULT)
}

function oracleOf(headers: Headers): Oracle {
  const oracle = new Oracle(
    { method: 'GET', url: '/', headers: {} },
    { status: 200, headers },
    { cacheHeuristic: 0 },
  )
  // Its constructor takes the time before the field is there.
  Object.assign(oracle, { _responseTime: NOW })
  return oracle
}

test('policyOf() agrees with http-cache-semantics on lifetime, age and staleness', () => {
  fc.assert(
    fc.property(headers, seconds, (headers, later) => {
      const policy = ours(headers)
      const oracle = oracleOf(headers)
      oracle.time = NOW + later * 1_000
      // What says nothing about its freshness has none for both; the oracle calls that 0.
      if (policy === undefined) {
        expect(oracle.maxAge()).toBe(0)
        return
      }
      expect(policy.lifetime).toBe(oracle.maxAge() * 1_000)
      expect(ageOf(policy, oracle.time)).toBe(oracle.age() * 1_000)
      expect(freshnessLeft(policy, oracle.time) <= 0).toBe(oracle.stale())
      if (!oracle.stale()) return
      const isUsable = -freshnessLeft(policy, oracle.time) < policy.staleWhileRevalidate
      expect(isUsable).toBe((oracle as unknown as Undeclared).useStaleWhileRevalidate())
    }),
    { numRuns: 2_000 },
  )
})

test('ageOf() counts from Date where that is earlier, and never backwards', () => {
  const policy = ours({ 'cache-control': 'max-age=60', date: date(-20), age: '5' }) as Policy
  expect(ageOf(policy, NOW)).toBe(20_000)
  expect(ageOf(policy, NOW - 1_000)).toBe(20_000)
})

test('freshnessLeft() of what came before the clock was set back is none, however long it is fresh', () => {
  for (const headers of [
    { 'cache-control': 'max-age=60' },
    { 'cache-control': 'max-age=99999999999' },
    { expires: 'Fri, 31 Dec 9999 23:59:59 GMT', date: date(0) },
  ]) {
    const policy = ours(headers) as Policy
    expect(freshnessLeft(policy, NOW)).toBeGreaterThan(0)
    expect(freshnessLeft(policy, NOW - 1_001)).toBeLessThanOrEqual(0)
  }
})
