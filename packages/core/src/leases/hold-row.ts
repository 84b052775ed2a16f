import { isDeepStrictEqual } from 'node:util'
import type { Failure } from '../results/failure.ts'
import {
  isTenure,
  type LinePolicy,
  placeIn,
  type WaitEntry,
  withLast,
  withoutWaiter,
  withTurns,
} from './wait-line.ts'

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
  /** The owners that wait, the first of them first; left out when there are none. */
  readonly line?: readonly WaitEntry[]
  /** When the first of a line had its turn last, in epoch milliseconds of the engine's clock; only where there is a line. */
  readonly turnedAt?: number | undefined
  /** What the last owner left behind for those who wait. */
  readonly lastOutcome?: LastOutcome
}

/**
 * What became of a computation whose result is not in the store: a failure, a value that is not kept, or, without
 * either, a result that could not be stored.
 */
export interface Outcome {
  /** The error of the computation, where there was one. */
  readonly failure?: Failure
  /** The value that is not kept, where there is one. */
  readonly value?: unknown
}

/** An outcome, with the owner that left it behind. */
export interface LastOutcome extends Outcome {
  readonly owner: string
}

/** What an owner asks for: a lease of this length, where fewer than `capacity` hold. */
export interface Admission {
  readonly owner: string
  /** The length of the lease, in milliseconds. */
  readonly lease: number
  /** The number of owners that may hold at a time. */
  readonly capacity: number
  /** How it regards those who wait. */
  readonly line: LinePolicy
}

/**
 * Returns the row after an attempt: with the owner among the holders where a place is free, and free for this owner, or
 * else in the line where it wants to wait; `undefined` when nothing changes.
 */
export function withClaimant(
  row: HoldRow | undefined,
  admission: Admission,
  now: number,
): HoldRow | undefined {
  return withHolder(row, admission, now) ?? withWaiter(row, admission, now)
}

/**
 * Returns the row with a new lease for the owner, or `undefined` when the owner is not among the holders any more. An
 * owner whose lease is over still is, as long as nobody else needed the place.
 */
export function withRenewedHolder(
  row: HoldRow | undefined,
  { owner, lease, capacity }: Omit<Admission, 'line'>,
  now: number,
): HoldRow | undefined {
  if (!isHolder(row, owner)) return undefined
  const holds = row.holds.map((hold) => (hold.owner === owner ? { owner, until: now + lease } : hold))
  return settled({ ...row, holds }, capacity, now)
}

/** Returns the row without the owner, or `undefined` when the owner neither holds nor waits. */
export function withoutOwner(
  row: HoldRow | undefined,
  { owner, capacity }: Omit<Admission, 'line' | 'lease'>,
  now: number,
): HoldRow | undefined {
  if (!isHolder(row, owner) && !isWaiter(row, owner)) return undefined
  const holds = row.holds.filter((hold) => hold.owner !== owner)
  const { token, line = [], turnedAt } = row
  return settled({ token, holds, line: withoutWaiter(line, owner), turnedAt }, capacity, now)
}

/** Returns whether the owner is among the holders, its lease over or not. */
export function isHolder(row: HoldRow | undefined, owner: string): row is HoldRow {
  return row?.holds.some((hold) => hold.owner === owner) ?? false
}

/** Returns whether the owner is in the line. */
export function isWaiter(row: HoldRow | undefined, owner: string): row is HoldRow {
  return row?.line?.some((entry) => entry.owner === owner) ?? false
}

/** Returns the holders whose leases are not over at `now`, in epoch milliseconds. */
export function liveHolds(row: HoldRow | undefined, now: number): readonly HoldEntry[] {
  return row?.holds.filter(({ until }) => until > now) ?? []
}

/** Returns the milliseconds until an attempt changes the row, unless somebody else changes it. */
export function timeToChance(row: HoldRow | undefined, admission: Admission, now: number): number {
  if (withClaimant(row, admission, now) !== undefined) return 0
  const ends = [...liveHolds(row, now), ...(row?.line ?? [])].map(({ until = Infinity }) => until - now)
  return Math.min(...ends)
}

/** A row, and the time of the engine's clock at which it was read, in epoch milliseconds. */
export interface SeenRow {
  readonly row: HoldRow | undefined
  readonly now: number
}

/** Returns the milliseconds until others hold than did in `seen`, unless somebody changes the row; 0 when they do. */
export function timeToOthers(row: HoldRow | undefined, seen: SeenRow, now: number): number {
  const holds = liveHolds(row, now)
  const before = liveHolds(seen.row, seen.now)
  const isSame =
    row?.token === seen.row?.token &&
    holds.length === before.length &&
    holds.every(({ owner }, i) => owner === before[i]?.owner)
  return isSame ? Math.min(...holds.map(({ until }) => until - now)) : 0
}

/** Returns the milliseconds until the last of the leases is over, at least 0. */
export function timeToEnd(row: HoldRow, now: number): number {
  return Math.max(0, ...row.holds.map(({ until }) => until - now))
}

function withHolder(row: HoldRow | undefined, admission: Admission, now: number): HoldRow | undefined {
  const { owner, lease, capacity } = admission
  const others = liveHolds(row, now)
  const free = capacity - others.length
  const line = withTurns(row?.line ?? [], free, now)
  const place = placeIn(line, owner)
  const mayPass = admission.line === 'pass' || isTenure(now - (row?.turnedAt ?? 0))
  if (place >= free && (free <= 0 || !mayPass)) return undefined
  // The clock keeps tokens increasing when the row is gone, the previous one when the clock is set back.
  const token = Math.max((row?.token ?? 0) + 1, Math.trunc(now * 1_000))
  const holds = [...others, { owner, until: now + lease }]
  const turnedAt = place === 0 ? now : row?.turnedAt
  return settled({ token, holds, line: withoutWaiter(line, owner), turnedAt }, capacity, now)
}

function withWaiter(row: HoldRow | undefined, admission: Admission, now: number): HoldRow | undefined {
  if (row === undefined || admission.line === 'pass') return undefined
  const present = settled(row, admission.capacity, now)
  const { line = [] } = present
  const joins = admission.line === 'join' || line.length > 0
  const next = joins
    ? settled({ ...present, line: withLast(line, admission.owner) }, admission.capacity, now)
    : present
  return isDeepStrictEqual(next.line, row.line) ? undefined : next
}

/** Returns the row with turns for those who wait, as far as places are free. */
function settled({ line = [], turnedAt, ...row }: HoldRow, capacity: number, now: number): HoldRow {
  const turns = withTurns(line, capacity - liveHolds(row, now).length, now)
  if (turns.length === 0) return row
  return turnedAt === undefined ? { ...row, line: turns } : { ...row, line: turns, turnedAt }
}
