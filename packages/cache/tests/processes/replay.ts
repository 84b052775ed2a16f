import { Cache } from '@diskcache/cache'
import { Random } from './random.ts'

/** A part of a sequence of requests that is the same each time. */
export interface ReplayJob {
  readonly directory: string
  /** The first request, the one that is not made any more, and how many are left to others in between. */
  readonly from: number
  readonly to: number
  readonly step: number
}

/** The keys that are asked for again and again; the requests between two scans, and in one. */
const KEYS = 3_000
const SCAN_EVERY = 3_000
const SCAN_LENGTH = 1_000

const VALUE = Buffer.alloc(1_000, 1)

/** Makes requests, stores what is missing, and returns the number of hits. */
export function replay({ directory, from, to, step }: ReplayJob): number {
  using cache = new Cache(directory, { timeout: 60_000 })
  const keys = requestedKeys(to)
  let hits = 0
  for (let i = from; i < to; i += step) {
    const key = keys[i] ?? 0
    if (cache.get(key) !== undefined) hits++
    else cache.set(key, VALUE)
  }
  return hits
}

/** Some keys are asked for far more often than others, and scans go by. */
function requestedKeys(count: number): (number | string)[] {
  const random = new Random(1)
  return Array.from({ length: count }, (_, i) =>
    i % SCAN_EVERY < SCAN_LENGTH ? `scan ${i}` : Math.floor(KEYS * random.next() ** 3),
  )
}
