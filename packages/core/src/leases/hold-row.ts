/** One owner's time on a row. */
export interface HoldEntry {
  readonly owner: string
  /** Until when, in epoch milliseconds of the engine's clock. */
  readonly until: number
}

/**
 * The row of a lock, a semaphore or an election. The functions below say how it changes; they are pure, since an
 * engine may run them more than once.
 */
export interface HoldRow {
  /** The fencing token that was given last. */
  readonly token: number
  readonly holds: readonly HoldEntry[]
  /** What the last owner left behind for those who waited for it. */
  readonly lastOutcome?: LastOutcome
}

/** Why there is no result in the store: a failure, or, without one, a result that could not be stored. */
export interface Outcome {
  readonly failure?: Failure
}

export interface LastOutcome extends Outcome {
  readonly owner: string
}

/** An error, as it can be kept in any store. */
export interface Failure {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly stack?: string
}

export interface Admission {
  readonly owner: string
  /** Milliseconds. */
  readonly lease: number
  /** How many may hold at a time. */
  readonly capacity: number
}

/** With the owner among the holders, or `undefined` when as many as may hold already do. */
export function withHolder(
  row: HoldRow | undefined,
  { owner, lease, capacity }: Admission,
  now: number,
): HoldRow | undefined {
  const others = liveHolds(row, now)
  if (others.length >= capacity) return undefined
  // The clock keeps tokens increasing when the row is gone, the previous one when the clock is set back.
  const token = Math.max((row?.token ?? 0) + 1, Math.trunc(now * 1_000))
  return { token, holds: [...others, { owner, until: now + lease }] }
}

/**
 * With a new lease for the owner, or `undefined` when it is not among the holders any more. One whose lease is over is,
 * as long as nobody else needed its place.
 */
export function withRenewedHolder(
  row: HoldRow | undefined,
  { owner, lease }: Admission,
  now: number,
): HoldRow | undefined {
  if (row === undefined || !row.holds.some((hold) => hold.owner === owner)) return undefined
  return {
    ...row,
    holds: row.holds.map((hold) => (hold.owner === owner ? { owner, until: now + lease } : hold)),
  }
}

/** Without the owner, or `undefined` when it is not among the holders any more. */
export function withoutHolder(row: HoldRow | undefined, owner: string): HoldRow | undefined {
  if (row === undefined || !row.holds.some((hold) => hold.owner === owner)) return undefined
  return { token: row.token, holds: row.holds.filter((hold) => hold.owner !== owner) }
}

/** Those whose leases are not over. */
export function liveHolds(row: HoldRow | undefined, now: number): readonly HoldEntry[] {
  return row?.holds.filter(({ until }) => until > now) ?? []
}

/** Milliseconds until the first of the live leases is over. */
export function timeToLapse(row: HoldRow | undefined, now: number): number {
  return Math.min(...liveHolds(row, now).map(({ until }) => until - now))
}

/** Milliseconds until the last of the leases is over. */
export function timeToEnd(row: HoldRow, now: number): number {
  return Math.max(0, ...row.holds.map(({ until }) => until - now))
}
