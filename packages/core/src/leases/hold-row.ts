/** A holder of a row: its owner, and the end of its lease. */
export interface HoldEntry {
  readonly owner: string
  /** The end of the lease, in epoch milliseconds of the engine's clock. */
  readonly until: number
}

/**
 * The row of a lock, a semaphore or an election. The functions below say how it changes; they are pure, since an
 * engine may run them more than once.
 */
export interface HoldRow {
  /** The fencing token that was given last. */
  readonly token: number
  /** The holders, those whose leases are over included. */
  readonly holds: readonly HoldEntry[]
  /** What the last owner left behind for those who wait. */
  readonly lastOutcome?: LastOutcome
}

/**
 * What became of a computation whose result is not in the store: a failure, or, without one, a result that could not
 * be stored.
 */
export interface Outcome {
  /** The error of the computation, where there was one. */
  readonly failure?: Failure
}

/** An outcome, with the owner that left it behind. */
export interface LastOutcome extends Outcome {
  readonly owner: string
}

/** An error in the form in which any store can keep it. */
export interface Failure {
  /** The name of the error, such as `TypeError`. */
  readonly name: string
  /** The message of the error. */
  readonly message: string
  /** The code of the error, where it has one. */
  readonly code?: string
  /** The stack of the error, in the process where it was thrown. */
  readonly stack?: string
}

/** What an owner asks for: a lease of this length, where fewer than `capacity` hold. */
export interface Admission {
  readonly owner: string
  /** The length of the lease, in milliseconds. */
  readonly lease: number
  /** The number of owners that may hold at a time. */
  readonly capacity: number
}

/** Returns the row with the owner among the holders, or `undefined` when all places are taken. */
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
 * Returns the row with a new lease for the owner, or `undefined` when the owner is not among the holders any more. An
 * owner whose lease is over still is, as long as nobody else needed the place.
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

/** Returns the row without the owner, or `undefined` when the owner is not among the holders any more. */
export function withoutHolder(row: HoldRow | undefined, owner: string): HoldRow | undefined {
  if (row === undefined || !row.holds.some((hold) => hold.owner === owner)) return undefined
  return { token: row.token, holds: row.holds.filter((hold) => hold.owner !== owner) }
}

/** Returns the holders whose leases are not over at `now`, in epoch milliseconds. */
export function liveHolds(row: HoldRow | undefined, now: number): readonly HoldEntry[] {
  return row?.holds.filter(({ until }) => until > now) ?? []
}

/** Returns the milliseconds until the first of the live leases is over, `Infinity` without one. */
export function timeToLapse(row: HoldRow | undefined, now: number): number {
  return Math.min(...liveHolds(row, now).map(({ until }) => until - now))
}

/** Returns the milliseconds until the last of the leases is over, at least 0. */
export function timeToEnd(row: HoldRow, now: number): number {
  return Math.max(0, ...row.holds.map(({ until }) => until - now))
}
