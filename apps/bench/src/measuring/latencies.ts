/** Neighbouring buckets differ by so much: finer than a machine that does other things can tell. */
const STEP = 1.02

/** Times of single calls in buckets, as `[bucket, count]`, so that millions of them from several processes fit. */
export type Latencies = readonly (readonly [bucket: number, count: number])[]

/** Counts times; `python_diskcache.py` does the same. */
export class LatencyRecorder {
  readonly #counts = new Map<number, number>()

  add(milliseconds: number): void {
    // A clock that has not moved says that the call took less than its resolution.
    const bucket = Math.round(Math.log(Math.max(milliseconds, 1e-5)) / Math.log(STEP))
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1)
  }

  latencies(): Latencies {
    return [...this.#counts]
  }
}

/** The `share` of all calls took at most so many milliseconds, by the nearest rank; to about 1 %. */
export function percentile(share: number, recordings: Iterable<Latencies>): number {
  const buckets = [...recordings].flat().toSorted(([a], [b]) => a - b)
  const total = buckets.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) throw new RangeError('Cannot take a percentile: there are no calls')
  let seen = 0
  for (const [bucket, count] of buckets) {
    seen += count
    if (seen >= share * total) return STEP ** bucket
  }
  return STEP ** buckets.at(-1)![0]
}
