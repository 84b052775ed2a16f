import { type Ask, fifo, lru, s3Fifo } from './ideal-policies.ts'
import type { Recording } from './recording.ts'

/** Each policy of a cache, and what it would be without a disk. */
const POLICIES = {
  's3-fifo': s3Fifo,
  'least-recently-used': lru,
  'least-recently-stored': fifo,
} as const satisfies Record<string, (size: number) => Ask>

/** Sizes to try where none are given, as parts of what all that was asked for takes. */
const PARTS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]

/** What a cache of one size and policy would have answered. */
export interface Outcome {
  /** The size limit, in bytes. */
  readonly size: number
  readonly policy: keyof typeof POLICIES
  /** The part of requests that are hits, from 0 to 1, and of the bytes that they ask for. */
  readonly hits: number
  readonly bytes: number
}

/** Returns what caches of these sizes, in bytes, would have answered of the requests; without sizes, of some that fit. */
export function simulate(recording: Recording, sizes: readonly number[] = sizesFor(recording)): Outcome[] {
  return sizes.flatMap((size) =>
    Object.entries(POLICIES).map(([policy, make]) => ({
      size,
      policy: policy as Outcome['policy'],
      ...answer(recording, make(size * recording.rate)),
    })),
  )
}

/** Returns the bytes that all that was asked for takes. */
export function allBytes({ takes, rate }: Recording): number {
  return takes.reduce((sum, bytes) => sum + bytes, 0) / rate
}

function sizesFor(recording: Recording): number[] {
  const all = allBytes(recording)
  return PARTS.map((part) => Math.ceil(all * part))
}

function answer({ requests, takes }: Recording, ask: Ask): { hits: number; bytes: number } {
  const sum = { hits: 0, bytes: 0, hitBytes: 0 }
  for (const key of requests) {
    const bytes = takes[key] ?? 0
    sum.bytes += bytes
    if (bytes === 0 || !ask(key, bytes)) continue
    sum.hits++
    sum.hitBytes += bytes
  }
  return {
    hits: sum.hits / Math.max(1, requests.length),
    bytes: sum.hitBytes / Math.max(1, sum.bytes),
  }
}
