import {
  type AsyncStore,
  NamespaceKeys,
  nameOf,
  nameText,
  type PatienceOptions,
  tellFailure,
} from '@diskcache/core'
import { LRUCache } from 'lru-cache'
import { PatientStore } from '../store/patient-store.ts'
import {
  type Durations,
  type Freshness,
  freshnessOf,
  isTimes,
  mergeTimes,
  type TagTimes,
  timesOf,
} from './tag-times.ts'

const DAY = 24 * 3_600_000

/** How long an entry is kept at most, in milliseconds. */
export const LONGEST_LIFE = 30 * DAY

/** Longer than any entry that was there before the revalidation. */
const TAG_LIFE = LONGEST_LIFE + DAY

/** The number of entries whose tags a process remembers. */
const MAX_REMEMBERED = 10_000

/** The number of rows that this software reads. Another one is a miss: it may mean something else. */
const FORMAT = 1

/** What all rows of entries have, beside what is an entry's own. */
export interface TaggedRow extends Readonly<Record<string, unknown>> {
  /** When what the entry was made from was read at the earliest, in epoch milliseconds. */
  readonly madeAt: number
  readonly tags: readonly string[]
}

/** A row, and what revalidations say of it. */
export interface FoundRow {
  readonly row: TaggedRow
  readonly isStale: boolean
}

/**
 * The entries of an application and the times of its tags, in a store that all processes share. Nothing here rejects: what
 * the store cannot do is a miss, and the channel of errors is told.
 */
export class TaggedRows {
  readonly #store: AsyncStore
  readonly #patient: PatientStore
  readonly #keys: NamespaceKeys
  /** The tags that entries had, so that one read has an entry and what was said of its tags. */
  readonly #remembered = new LRUCache<string, readonly string[]>({ max: MAX_REMEMBERED })
  /** Revalidations that the store has not taken yet. */
  readonly #owed = new Map<string, TagTimes>()
  #isPaying = false

  constructor(store: AsyncStore, prefix: string, options: PatienceOptions) {
    this.#store = store
    this.#patient = new PatientStore(store, options)
    this.#keys = new NamespaceKeys(`next:${nameText(prefix)}:`)
  }

  /** Resolves to an entry that may be served, with its own tags and with these; to `undefined` when there is none. */
  async read(key: string, tags: readonly string[]): Promise<FoundRow | undefined> {
    try {
      return await this.#find(key, tags)
    } catch (error) {
      this.#tell(error)
      return undefined
    }
  }

  /** Stores an entry for so many milliseconds, {@link LONGEST_LIFE} at most. */
  async write(key: string, row: TaggedRow, ttl: number = LONGEST_LIFE): Promise<void> {
    const stored = { format: FORMAT, ...row }
    try {
      await this.#patient.write((store, options) =>
        store.set(this.#keys.encode(key), stored, { ttl: Math.min(ttl, LONGEST_LIFE), ...options }),
      )
    } catch (error) {
      this.#tell(error)
    }
  }

  /**
   * Revalidates tags for all processes. What the store cannot take now holds for this process at once, and for the others as
   * soon as the store takes it.
   */
  async revalidate(tags: readonly string[], durations?: Durations): Promise<void> {
    const times = timesOf(Date.now(), durations)
    for (const tag of tags) this.#owed.set(tag, withTimes(this.#owed.get(tag), times))
    await Promise.all(tags.map((tag) => this.#pay(tag)))
  }

  async #find(key: string, tags: readonly string[]): Promise<FoundRow | undefined> {
    const asked = [...new Set([...tags, ...(this.#remembered.get(key) ?? [])])]
    const [row, ...times] = await this.#readMany([key, ...asked.map(tagKey)])
    if (!isRow(row)) return undefined
    this.#remembered.set(key, row.tags)
    const others = [...new Set(row.tags)].filter((tag) => !asked.includes(tag))
    if (others.length > 0) times.push(...(await this.#readMany(others.map(tagKey))))
    const freshness = this.#judge(row, [...asked, ...others], times)
    if (this.#owed.size > 0) void this.#payAll()
    return freshness === 'expired' ? undefined : { row, isStale: freshness === 'stale' }
  }

  #readMany(keys: readonly string[]): Promise<unknown[]> {
    const names = keys.map((key) => this.#keys.encode(key))
    return this.#patient.read((store, options) => store.getMany(names, options))
  }

  #judge({ madeAt }: TaggedRow, tags: readonly string[], times: readonly unknown[]): Freshness {
    const now = Date.now()
    const said = tags.flatMap((tag, index) => [
      freshnessOf(times[index], madeAt, now),
      freshnessOf(this.#owed.get(tag), madeAt, now),
    ])
    return said.includes('expired') ? 'expired' : said.includes('stale') ? 'stale' : 'fresh'
  }

  async #payAll(): Promise<void> {
    if (this.#isPaying) return
    this.#isPaying = true
    for (const tag of [...this.#owed.keys()]) await this.#pay(tag)
    this.#isPaying = false
  }

  async #pay(tag: string): Promise<void> {
    const owed = this.#owed.get(tag)
    if (owed === undefined) return
    try {
      await this.#patient.write((store, options) =>
        store.update(
          this.#keys.encode(tagKey(tag)),
          // An eviction of what was said would bring back what was revalidated.
          (entry) => ({ set: withTimes(entry?.value, owed), ttl: TAG_LIFE, pin: true }),
          options,
        ),
      )
      if (this.#owed.get(tag) === owed) this.#owed.delete(tag)
    } catch (error) {
      this.#tell(error)
    }
  }

  #tell(error: unknown): void {
    tellFailure({ store: nameOf(this.#store) }, error)
  }
}

function tagKey(tag: string): string {
  return `tag:${tag}`
}

function withTimes(row: unknown, times: TagTimes): TagTimes {
  return isTimes(row) ? mergeTimes(row, times) : times
}

function isRow(value: unknown): value is TaggedRow {
  const { format, madeAt, tags } = Object(value) as { [name: string]: unknown }
  return (
    format === FORMAT &&
    Number.isFinite(madeAt) &&
    Array.isArray(tags) &&
    tags.every((tag) => typeof tag === 'string')
  )
}
