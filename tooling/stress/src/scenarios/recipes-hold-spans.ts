import { fail, ok, strictEqual } from 'node:assert'
import type { Moment } from '../workers/recipes/hold-history.ts'
import { HighestTokens } from './recipes-highest-tokens.ts'

/** A hold, as others have to respect it; times in nanoseconds. */
export interface HoldSpan {
  readonly id: string
  readonly token: number
  readonly asked: bigint
  /** When it was known to be held for the first time. */
  readonly begin: bigint
  /** Until when it counted at least. */
  readonly end: bigint
}

/** The store counts whole milliseconds, and the clock that it counts with is adjusted by a little now and then. */
const TOLERANCE = 5_000_000n

/**
 * A hold counts from when its holder knew of it to the last moment at which `check()` did not throw. One that was not
 * given back, because its process was killed or stopped, or because it was lost, counts for one lease from when it was
 * asked for in any case; after that, it is not an overlap when others hold as well.
 *
 * @param lease - in milliseconds
 */
export function spansOf(moments: readonly Moment[], lease: number): HoldSpan[] {
  const shortest = BigInt(lease) * 1_000_000n - TOLERANCE
  // A holder does without the last tenth of its lease, so as to know of the end in time.
  const shortestUse = BigInt(lease) * 900_000n - TOLERANCE
  const spans = new Map<string, HoldSpan>()
  for (const { kind, id, token, begin: asked, end } of moments) {
    const known = spans.get(id)
    if (kind === 'held' && known === undefined) {
      spans.set(id, { id, token, asked, begin: end, end: later(end, asked + shortest) })
    } else if (kind === 'held' && known !== undefined) spans.set(id, { ...known, end: later(known.end, end) })
    else if (kind === 'left' && known !== undefined) spans.set(id, { ...known, end })
    else if (kind === 'lost') ok(end >= asked + shortestUse, `hold ${id} was lost before its lease was over`)
  }
  return [...spans.values()]
}

/** Throws when more hold at a time than may; gives how many did at most. */
export function expectAtMost(capacity: number, spans: readonly HoldSpan[]): number {
  const events = spans.flatMap((span) => [
    { time: span.begin, span, begins: true },
    { time: span.end, span, begins: false },
  ])
  // In a moment that one ends and another begins, both hold.
  events.sort((a, b) => compare(a.time, b.time) || Number(b.begins) - Number(a.begins))
  const holding = new Set<HoldSpan>()
  let most = 0
  for (const { span, begins } of events) {
    if (begins) holding.add(span)
    else holding.delete(span)
    if (holding.size > capacity) fail(`more than ${capacity} hold at a time: ${listOf(holding)}`)
    most = Math.max(most, holding.size)
  }
  return most
}

/** Throws unless each token is higher than those of all holds that were known before it was asked for, and nobody else's. */
export function expectIncreasingTokens(spans: readonly HoldSpan[]): void {
  strictEqual(new Set(spans.map(({ token }) => token)).size, spans.length, 'two holds have one token')
  const known = new HighestTokens(spans.map(({ token, begin }) => ({ token, time: begin })))
  for (const { id, token, asked } of spans) {
    const highest = known.before(asked)
    ok(token > highest, `hold ${id} has the token ${token}, but there was ${highest} before it was asked for`)
  }
}

/** Throws unless tokens increase in the order in which the holds began, as those of a lock do. */
export function expectTokensInOrder(spans: readonly HoldSpan[]): void {
  let before: HoldSpan | undefined
  for (const span of spans.toSorted((a, b) => compare(a.begin, b.begin))) {
    if (before !== undefined) ok(span.token > before.token, `tokens fall: ${listOf([before, span])}`)
    before = span
  }
}

function listOf(spans: Iterable<HoldSpan>): string {
  return Array.from(spans, ({ id, token, begin, end }) => `${id} (token ${token}, ${begin} to ${end})`).join(
    ', ',
  )
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b)
}
