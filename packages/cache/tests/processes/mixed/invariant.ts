import type { Cache } from '@diskcache/cache'
import type { Random } from '../random.ts'

export interface WorkerContext {
  readonly cache: Cache
  readonly random: Random
  /** From 0 up. */
  readonly id: number
}

/** One worker's part of an invariant. */
export interface Share<Report> {
  /** One random operation; it throws when what it sees is impossible. */
  step(): void | Promise<void>
  /** What the verification must know; a value that `structuredClone` keeps. */
  report(): Report
}

/** Something that must hold whatever several processes do at the same time, and the operations that put it to the test. */
export interface Invariant<Report = unknown> {
  /** How many of 100 operations are its own. */
  readonly weight: number
  /** Runs once, before the workers. */
  prepare?(cache: Cache): void
  work(context: WorkerContext): Share<Report>
  /** Runs once, after the workers; throws when the invariant is broken, and may give figures for the report. */
  verify(cache: Cache, reports: readonly Report[]): string | undefined
}

/** What must never be evicted. */
export const PINNED = { pin: true } as const
