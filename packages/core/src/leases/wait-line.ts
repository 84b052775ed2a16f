/** An owner that waits in the line of a row. */
export interface WaitEntry {
  readonly owner: string
  /** The end of its turn, in epoch milliseconds of the engine's clock; none while no place is free for it. */
  readonly until?: number
}

/**
 * How an attempt regards those who wait: it goes past them (`'pass'`), stands behind them where there are some
 * (`'follow'`), or waits even where it is the first (`'join'`).
 */
export type LinePolicy = 'pass' | 'follow' | 'join'

/**
 * The time in milliseconds in which an owner whose turn has come has to take its place: many times what those who
 * live need to notice. A dead one costs the others this much, once.
 */
export const TURN_MS = 250

/**
 * The tenure: for so many milliseconds after a turn whoever finds a free place may take it, before the next has its
 * turn. What is held for a moment is so passed on many times in one process before others are waited for to notice.
 */
const TENURE_MS = 10

/** The longest line. Who finds a full one tries again at each change, until a place in it is free. */
const MAX_LINE = 64

/** Returns whether it is still the tenure, so many milliseconds after a turn. A clock that was set back ends it. */
export function isTenure(elapsed: number): boolean {
  return elapsed >= 0 && elapsed < TENURE_MS
}

/** Returns how many owners stand before this one: all of them, when it is not in the line. */
export function placeIn(line: readonly WaitEntry[], owner: string): number {
  const place = line.findIndex((entry) => entry.owner === owner)
  return place === -1 ? line.length : place
}

/** Returns the line with the owner at its end, or as it is when the owner is in it or it is full. */
export function withLast(line: readonly WaitEntry[], owner: string): readonly WaitEntry[] {
  return placeIn(line, owner) < line.length || line.length >= MAX_LINE ? line : [...line, { owner }]
}

/** Returns the line without the owner. */
export function withoutWaiter(line: readonly WaitEntry[], owner: string): readonly WaitEntry[] {
  return line.filter((entry) => entry.owner !== owner)
}

/**
 * Returns the line as it is when `free` places are: who missed a turn has left, and the first `free` of the others
 * have theirs. A turn that ends in a far future is one of before the clock was set back, and begins anew.
 */
export function withTurns(line: readonly WaitEntry[], free: number, now: number): readonly WaitEntry[] {
  return line
    .filter(({ until = Infinity }) => until > now)
    .map(({ owner, until = Infinity }, i) => {
      const end = until > now + 2 * TURN_MS ? now + TURN_MS : until
      return i < free ? { owner, until: end } : { owner }
    })
}
