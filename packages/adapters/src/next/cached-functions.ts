import { isUint8Array } from 'node:util/types'
import { byClockOfNext, byClockOfSystem } from './next-clock.ts'
import type { CacheEntry } from './next-types.ts'
import type { Durations } from './tags/tag-times.ts'
import type { FoundRow, TaggedRow, TaggedRows } from './tags/tagged-rows.ts'

const TIMES = ['stale', 'expire', 'revalidate'] as const

/** What functions and components with `use cache` have returned. */
export class CachedFunctions {
  readonly #rows: TaggedRows
  /** Entries that this process is storing: who asks for one waits. */
  readonly #pending = new Map<string, Promise<void>>()

  /** @internal */
  constructor(rows: TaggedRows) {
    this.#rows = rows
  }

  /** Resolves to the entry of `key`, `undefined` when there is none that may be served. Never rejects. */
  async get(key: string, softTags: string[]): Promise<CacheEntry | undefined> {
    await this.#pending.get(key)
    const found = await this.#rows.read(rowKey(key), softTags)
    return found && isSound(found.row) ? revivedEntry(found) : undefined
  }

  /** Stores an entry for all processes once it is complete; one whose value fails is dropped. Never rejects. */
  async set(key: string, pendingEntry: Promise<CacheEntry>): Promise<void> {
    const storing = this.#store(key, pendingEntry).catch(() => {})
    this.#pending.set(key, storing)
    await storing
    if (this.#pending.get(key) === storing) this.#pending.delete(key)
  }

  /** Does nothing: what was revalidated is read with each entry. */
  async refreshTags(): Promise<void> {}

  /** Resolves to `Infinity`, by which Next hands the tags of the path to {@link get}. */
  async getExpiration(_tags: string[]): Promise<number> {
    return Infinity
  }

  /** Revalidates tags for all processes. Never rejects. */
  async updateTags(tags: string[], durations?: Durations): Promise<void> {
    await this.#rows.revalidate(tags, durations)
  }

  async #store(key: string, pendingEntry: Promise<CacheEntry>): Promise<void> {
    const { value, tags, stale, timestamp, expire, revalidate } = await pendingEntry
    const bytes = new Uint8Array(await new Response(value).arrayBuffer())
    const madeAt = Math.floor(byClockOfSystem(timestamp))
    const ttl = madeAt + expire * 1_000 - Date.now()
    if (ttl <= 0) return
    const row = { madeAt, tags, bytes, stale, expire, revalidate }
    await this.#rows.write(rowKey(key), row, ttl)
  }
}

function rowKey(key: string): string {
  return `function:${key}`
}

function revivedEntry({ row, isStale }: FoundRow): CacheEntry {
  const { bytes, tags, stale, expire, revalidate } = row as unknown as CacheEntry & {
    bytes: Uint8Array
  }
  const value = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })
  const timestamp = byClockOfNext(row.madeAt)
  return { value, tags: [...tags], stale, timestamp, expire, revalidate: isStale ? -1 : revalidate }
}

function isSound(row: TaggedRow): boolean {
  return isUint8Array(row.bytes) && TIMES.every((name) => typeof row[name] === 'number' && row[name] >= 0)
}
