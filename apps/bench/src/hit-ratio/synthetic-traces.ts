import { seededRandom } from '../measuring/seeded-random.ts'
import { type Trace, traceOf } from './trace.ts'

/** Keys that are asked for again and again, the first of them most. */
const KEYS = 5_000

/** The skew of Zipf's law, by which the key of rank r is asked for in proportion to r to the power of minus this. */
const SKEW = 0.9

/** Requests between two scans, and in one; the keys by which what is asked for most moves, and how often. */
const SCAN_EVERY = 10_000
const SCAN_LENGTH = 4_000
const SHIFT = 1_000

/** Makes traces of so many requests, the same each time: what caches are told apart by. */
export function syntheticTraces(requests: number): Trace[] {
  const group = 'synthetic'
  const of = (name: string, keyOf: (i: number) => string | number) =>
    traceOf(
      name,
      group,
      Array.from({ length: requests }, (_, i) => keyOf(i)),
    )
  const [plain, scanned, shifted] = [1, 2, 3].map(zipf) as [() => number, () => number, () => number]
  return [
    of('Zipf', plain),
    of('Zipf with scans', (i) => (i % SCAN_EVERY < SCAN_LENGTH ? `scan ${i}` : scanned())),
    of('Zipf that shifts', (i) => shifted() + Math.floor((i / requests) * 10) * SHIFT),
    of('a loop', (i) => i % KEYS),
  ]
}

/** Returns a function that draws ranks, from 0 on, by Zipf's law. */
function zipf(seed: number): () => number {
  const random = seededRandom(seed)
  const sums: number[] = []
  for (let rank = 1; rank <= KEYS; rank++) sums.push((sums.at(-1) ?? 0) + rank ** -SKEW)
  return () => {
    const wanted = random() * (sums.at(-1) ?? 0)
    let [low, high] = [0, KEYS - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}
