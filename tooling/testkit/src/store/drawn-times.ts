import type { Entry, Ttl } from '@diskcache/core'
import { expect } from 'vitest'

/** Times to live of which two of one length are hardly ever drawn, in milliseconds. */
export const RANGE = { min: 1e9, max: 2e9 }

/** How far the clock of a server may be from that of a test, in milliseconds. */
const SLACK = 30_000

/** Keys of entries that are written together. */
export const TOGETHER = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

/** Times to live that there are none of, and what is wrong with them. */
export const ILLEGAL_RANGES: readonly [Ttl, RegExp][] = [
  [{ min: 2, max: 1 }, /ttl: expected a min of at most max, got \{ min: 2, max: 1 \}/],
  [{ min: 1, max: Infinity }, /ttl: expected a finite max, or Infinity as ttl itself/],
  [{ min: -1, max: 1 }, /ttl.min: expected a number of at least 0, got -1/],
  [{ min: Number.NaN, max: 1 }, /ttl.min: expected a number of at least 0, got NaN/],
  [{ min: 1 } as Ttl, /ttl: expected both min and max, or a number, got \{ min: 1 \}/],
  [{ max: 1 } as Ttl, /ttl: expected both min and max, or a number, got \{ max: 1 \}/],
  [{ min: 1, max: 2, step: 1 } as Ttl, /ttl: unknown option 'step', known are min, max/],
]

/** Expects that each entry has a time to live within {@link RANGE}, and each another one. */
export function expectDrawn(entries: readonly (Entry<unknown> | undefined)[], now: number): void {
  const times = entries.map((entry) => (entry?.expireTime ?? Number.NaN) - now)
  for (const time of times) {
    expect(time).toBeGreaterThanOrEqual(RANGE.min - SLACK)
    expect(time).toBeLessThanOrEqual(RANGE.max + SLACK)
  }
  expect(new Set(times).size).toBe(times.length)
}
