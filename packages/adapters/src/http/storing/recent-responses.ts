import { LRUCache } from 'lru-cache'
import type { VariantRow } from './rows.ts'

/** How long a response is kept from when it was read, in milliseconds. */
const MAX_AGE_MS = 5_000

/**
 * For how long it is enough that a response was read, in milliseconds, while others are stored. Then it is read anew, so
 * that the store sees that it is in use, and evicts others: who makes up URLs could fill a small store in the meantime.
 */
const IN_USE_MS = 100

/** For the objects of a response, and its place here; bytes. */
const ENTRY_BYTES = 1_024

/** For a header field, beside its texts: an array of two. */
const FIELD_BYTES = 64

/** For a text, beside its characters. */
const TEXT_BYTES = 32

/**
 * Responses that were read lately, by their name, which is never given to another: while an index leads to one, it is what
 * it was. Those of up to a mebibyte have their body.
 */
export class RecentResponses {
  readonly #now: () => number
  readonly #rows: LRUCache<string, VariantRow>
  /** When it was used last: the time by which responses grow old here. */
  #latest = -Infinity

  /** `limit` is in bytes, `now` in milliseconds. */
  constructor(limit: number, now: () => number) {
    this.#now = now
    this.#rows = new LRUCache({
      maxSize: limit,
      sizeCalculation: (row, id) => textSize(id) + sizeOf(row),
      ttl: MAX_AGE_MS,
      // No timers.
      ttlResolution: 0,
      perf: { now: () => this.#latest },
    })
  }

  /** Bytes in memory, as far as they can be counted. */
  get size(): number {
    return this.#rows.calculatedSize
  }

  get(id: string): VariantRow | undefined {
    this.#heedClock()
    return this.#rows.get(id)
  }

  /** Returns a response that was read just now, so that the store knows that it is in use. */
  getJustRead(id: string): VariantRow | undefined {
    const row = this.get(id)
    return MAX_AGE_MS - this.#rows.getRemainingTTL(id) < IN_USE_MS ? row : undefined
  }

  add(id: string, row: VariantRow): void {
    this.#heedClock()
    this.#rows.set(id, row)
  }

  delete(id: string): void {
    this.#rows.delete(id)
  }

  /** By a clock that was set back, everything would be kept for too long. */
  #heedClock(): void {
    const now = this.#now()
    if (now < this.#latest) this.#rows.clear()
    this.#latest = now
  }
}

/** With all of the memory that the body is a part of. */
function sizeOf({ url, headers, trailers = [], removed, tags, wanted = {}, body }: VariantRow): number {
  const fields = [...headers, ...trailers].map(
    ([name, value]) => FIELD_BYTES + textSize(name) + textsSize([value].flat()),
  )
  const texts = textSize(url) + textsSize([removed, tags, Object.values(wanted)].flat())
  return ENTRY_BYTES + texts + sum(fields) + (body?.buffer.byteLength ?? 0)
}

function textsSize(texts: readonly string[]): number {
  return sum(texts.map(textSize))
}

/** A character may take two bytes. */
function textSize(text: string): number {
  return TEXT_BYTES + 2 * text.length
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
