/** How many events there were in which period, as a row keeps it. Periods are numbered from the epoch on. */
export interface PeriodCounts {
  /** The newest period that has events. */
  readonly newest: number
  /** The events of the newest period, of the one before it, and so on. */
  readonly counts: readonly number[]
}

/** Returns how many events a period had. */
export function countIn({ newest, counts }: PeriodCounts, period: number): number {
  return counts[newest - period] ?? 0
}

/**
 * Returns counts in which a period has so many events, of at most `keep` periods. A period that comes before all that
 * may be kept is one of a clock that was set back, and what was counted by the clock before goes.
 */
export function withCount(
  before: PeriodCounts | undefined,
  period: number,
  count: number,
  keep: number,
): PeriodCounts {
  if (before === undefined || Math.abs(period - before.newest) >= keep)
    return { newest: period, counts: [count] }
  const newest = Math.max(period, before.newest)
  const oldest = Math.min(period, before.newest - before.counts.length + 1)
  const length = Math.min(keep, newest - oldest + 1)
  const countOf = (other: number) => (other === period ? count : countIn(before, other))
  return { newest, counts: Array.from({ length }, (_, i) => countOf(newest - i)) }
}
