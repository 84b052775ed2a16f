import { OPERATIONS, type Operation } from './operations.ts'
import type { Recording } from './recording.ts'

/** Times in nanoseconds. */
export interface OperationSummary {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
  /** Of all processes together, so that it may be more than the wall time. */
  readonly total: number
  readonly misses: number
}

/** One run of the workload, over all its processes. */
export interface Summary {
  readonly operations: Record<Operation, OperationSummary>
  /** Nanoseconds spent in operations, over all processes. */
  readonly total: number
  /** Nanoseconds until the last process was done. */
  readonly wall: number
  /** `undefined`: the store does not tell. */
  readonly dropped: number | undefined
}

export function summarize(recordings: readonly Recording[], wall: number): Summary {
  const of = (operation: Operation) => summarizeOperation(recordings, operation)
  const operations = { get: of('get'), set: of('set'), delete: of('delete') }
  const dropped = recordings.map((recording) => recording.dropped)
  return {
    operations,
    total: sum(OPERATIONS.map((operation) => operations[operation].total)),
    wall,
    dropped: dropped.includes(null) ? undefined : sum(dropped as number[]),
  }
}

function summarizeOperation(recordings: readonly Recording[], operation: Operation): OperationSummary {
  const times = Float64Array.from(recordings.flatMap((recording) => recording.times[operation])).sort()
  return {
    p50: percentile(times, 0.5),
    p90: percentile(times, 0.9),
    p99: percentile(times, 0.99),
    max: percentile(times, 1),
    total: sum(times),
    misses: sum(recordings.map(({ misses }) => misses[operation])),
  }
}

/** The value that a `share` of all is not above, as python-diskcache counts it. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const place = Math.max(1, Math.trunc(sorted.length * share))
  const value = sorted[place - 1]
  if (value === undefined) throw new RangeError('Cannot take a percentile: there are no values')
  return value
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
