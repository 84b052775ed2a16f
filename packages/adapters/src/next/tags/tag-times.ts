/** What revalidations have said of one tag; times are in epoch milliseconds. All entries have their tags for good. */
export interface TagTimes {
  /** Entries that were made by then are not served any more. */
  readonly expired: number
  /** Entries that were made by then are served while they are made anew. */
  readonly stale: number
  /** From when on the stale ones are not served any more; never where it is left out. */
  readonly deadline?: number
}

/** How an entry is to be treated. */
export type Freshness = 'fresh' | 'stale' | 'expired'

/** How long, in seconds, entries of a tag may still be served while they are made anew; Next gives none for not at all. */
export interface Durations {
  /** Until then; left out, as long as they are not replaced. */
  expire?: number | undefined
}

/** Returns what a revalidation says that is made at a time. */
export function timesOf(now: number, durations: Durations | undefined): TagTimes {
  if (durations === undefined) return { expired: now, stale: 0 }
  const { expire = Infinity } = durations
  const deadline = now + expire * 1_000
  return { expired: 0, stale: now, ...(Number.isFinite(deadline) ? { deadline } : {}) }
}

/** Returns what two revalidations say together, in whichever order they come. */
export function mergeTimes(a: TagTimes, b: TagTimes): TagTimes {
  const [older, newer] = a.stale <= b.stale ? [a, b] : [b, a]
  const isOver = (older.deadline ?? Infinity) <= newer.stale
  return { ...newer, expired: Math.max(a.expired, b.expired, isOver ? older.stale : 0) }
}

/** Returns what the times of a tag say of entries that were made at a time. */
export function freshnessOf(times: TagTimes | undefined, madeAt: number, now: number): Freshness {
  if (times === undefined) return 'fresh'
  if (madeAt <= times.expired) return 'expired'
  if (madeAt > times.stale) return 'fresh'
  return now < (times.deadline ?? Infinity) ? 'stale' : 'expired'
}

/** Returns whether these are the times of a tag. */
export function isTimes(value: unknown): value is TagTimes {
  const { expired, stale, deadline = 0 } = Object(value) as Partial<TagTimes>
  return [expired, stale, deadline].every(Number.isFinite)
}
