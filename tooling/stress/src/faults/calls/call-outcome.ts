import type { FaultPoint } from './fault-points.ts'

/** What one trial showed; texts are what is wrong. */
export interface CallOutcome {
  readonly point: FaultPoint
  /** How many calls failed. */
  readonly failed: number
  /** The code of the error that the operation threw; `ok` when it threw none. */
  readonly end: string
  /** The operation succeeded, and what it wrote is not there. */
  readonly lost?: string
  /** The operation failed, and is done. */
  readonly done?: string
  /** Neither done nor not done. */
  readonly half?: string
  /** A read gave a value that is not there. */
  readonly wrong?: string
  /** An error that a caller cannot be asked to handle. */
  readonly untyped?: string
  /** One call failed once, and the database is called damaged: who believes that throws it away. */
  readonly misnamed?: string
  /** The object cannot be used afterwards. */
  readonly unusable?: string
  /** What `check()` finds after it has fixed. */
  readonly unsound?: string
  /** Descriptors that are still open after `close()`. */
  readonly leaked?: string
  /** It blocked for longer than it may. */
  readonly slow?: string
  /** A read said that there is nothing, without an error. Not wrong, for a cache. */
  readonly missed?: string
  /** On a full disk, other entries made room. */
  readonly evicted?: string
  /** A write failed and the old value is gone. Not wrong: it would be outdated. */
  readonly dropped?: string
}

/** What must never be. */
export const FAULTS = [
  ...([
    'lost',
    'done',
    'half',
    'wrong',
    'untyped',
    'misnamed',
    'unusable',
    'unsound',
    'leaked',
    'slow',
  ] as const),
]
/** What is counted only. */
export const REMARKS = ['missed', 'dropped', 'evicted'] as const
