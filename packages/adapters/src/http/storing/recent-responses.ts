import type { VariantRow } from './rows.ts'

/** For the head of a response, and for keeping it; bytes. */
const HEAD_BYTES = 2_048

/**
 * How long a response is kept from when it was read, in milliseconds. Then it is read anew, so that the store sees that
 * it is in use, and evicts others.
 */
const MAX_AGE_MS = 5_000

interface Recent {
  readonly row: VariantRow
  readonly readAt: number
}

/**
 * Responses that were read lately, by their name, which is never given to another: while an index leads to one, it is what
 * it was. Those of up to a mebibyte have their body.
 */
export class RecentResponses {
  readonly #limit: number
  readonly #now: () => number
  readonly #rows = new Map<string, Recent>()
  #size = 0

  /** `limit` is in bytes, `now` in milliseconds. */
  constructor(limit: number, now: () => number) {
    this.#limit = limit
    this.#now = now
  }

  get(id: string): VariantRow | undefined {
    const recent = this.#rows.get(id)
    if (recent === undefined) return undefined
    if (Math.abs(this.#now() - recent.readAt) > MAX_AGE_MS) {
      this.delete(id)
      return undefined
    }
    return recent.row
  }

  add(id: string, row: VariantRow): void {
    this.delete(id)
    this.#rows.set(id, { row, readAt: this.#now() })
    this.#size += sizeOf(row)
    for (const oldest of this.#rows.keys()) {
      if (this.#size <= this.#limit) return
      this.delete(oldest)
    }
  }

  delete(id: string): void {
    const recent = this.#rows.get(id)
    if (recent === undefined) return
    this.#size -= sizeOf(recent.row)
    this.#rows.delete(id)
  }
}

function sizeOf({ body }: VariantRow): number {
  return HEAD_BYTES + (body?.byteLength ?? 0)
}
