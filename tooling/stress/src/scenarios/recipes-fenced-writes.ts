import { ok } from 'node:assert'
import type { Moment } from '../workers/recipes/hold-history.ts'
import { HighestTokens } from './recipes-highest-tokens.ts'

/** An attempt to write under a token; times in nanoseconds. */
export interface FencedWrite {
  readonly token: number
  readonly begin: bigint
  /** `undefined` when the process was killed before it knew of an end: perhaps it was stored, sooner or later. */
  readonly end: bigint | undefined
  readonly outcome: 'stored' | 'refused' | 'unknown'
}

export function fencedWritesOf(moments: readonly Moment[]): FencedWrite[] {
  const writes = new Map<string, FencedWrite>()
  for (const { kind, id, token, begin, end } of moments) {
    if (kind === 'trying') writes.set(`${id} ${begin}`, { token, begin, end: undefined, outcome: 'unknown' })
    if (kind === 'stored' || kind === 'refused')
      writes.set(`${id} ${begin}`, { token, begin, end, outcome: kind })
  }
  return [...writes.values()]
}

/**
 * Throws unless the attempts had the outcomes of a value that takes one at a time, each at some moment between its begin
 * and its end, and refuses what comes with a lower token than that which is there.
 *
 * @param last - the token of the value that is there in the end
 */
export function expectFenced(writes: readonly FencedWrite[], last: number): void {
  const stored = writes.filter(({ outcome }) => outcome === 'stored')
  const surely = new HighestTokens(stored.map(({ token, end }) => ({ token, time: end as bigint })))
  const perhaps = writes.filter(({ outcome }) => outcome !== 'refused')
  const possibly = new HighestTokens(perhaps.map(({ token, begin }) => ({ token, time: begin })))
  for (const { token, begin } of stored) {
    const before = surely.before(begin)
    ok(token >= before, `a write with the token ${token} was stored after one with ${before}`)
  }
  for (const { token, end, outcome } of writes) {
    if (outcome !== 'refused') continue
    const before = possibly.before(end as bigint)
    ok(token < before, `a write with the token ${token} was refused, but the highest before was ${before}`)
  }
  ok(
    last >= surely.last,
    `the value has the token ${last} in the end, but one with ${surely.last} was stored`,
  )
  ok(
    perhaps.some(({ token }) => token === last),
    `nobody wrote with the token ${last}, which the value has`,
  )
}
