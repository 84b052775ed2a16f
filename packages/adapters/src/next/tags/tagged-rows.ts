import { NamespaceKeys, nameOf, nameText, type PatienceOptions, tellFailure } from '@diskcache/core'
import { LRUCache } from 'lru-cache'
import { PatientStore } from '../../store/patient-store.ts'
import type { RowStore } from '../late-cache.ts'
import { freshnessIn, mergeSlots, placeOf, slotOf, type TagPlace, type TagSlot } from './tag-slot.ts'
import { type Durations, type Freshness, timesOf } from './tag-times.ts'

const DAY = 24 * 3_600_000

/** How long an entry is kept at most, in milliseconds. */
export const LONGEST_LIFE = 30 * DAY

/** Longer than any entry that was there before the revalidation. */
const SLOT_LIFE = LONGEST_LIFE + DAY

/** After how many milliseconds the store is asked again to take what it did not take. */
const RETRY_AFTER = 500

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
  readonly #store: RowStore
  readonly #patient: PatientStore<RowStore>
  readonly #keys: NamespaceKeys
  /** The tags that entries had, so that one read has an entry and what was said of its tags. */
  readonly #remembered = new LRUCache<string, readonly string[]>({ max: MAX_REMEMBERED })
  /** Revalidations that the store has not taken yet, by their slots. */
  readonly #owed = new Map<number, TagSlot>()
  #isPaying = false
  /** Set while the store has refused some. */
  #retry: NodeJS.Timeout | undefined

  constructor(store: RowStore, prefix: string, options: PatienceOptions) {
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
      this.#payAll()
    } catch (error) {
      this.#tell(error)
    }
  }

  /**
   * Revalidates tags for all processes. What the store cannot take now holds for this process at once, and for the others as
   * soon as the store takes it.
   */
  async revalidate(tags: readonly string[], durations?: Durations): Promise<void> {
    const now = Date.now()
    const times = timesOf(now, durations)
    const slots = Map.groupBy(tags.map(placeOf), ({ slot }) => slot)
    for (const [slot, places] of slots) {
      const names = places.map(({ name }) => name)
      this.#owed.set(slot, mergeSlots(this.#owed.get(slot), slotOf(names, times), now))
    }
    const paid = await Promise.all(Array.from(slots.keys(), (slot) => this.#pay(slot)))
    if (paid.includes(true)) this.#payAll()
  }

  async #find(key: string, tags: readonly string[]): Promise<FoundRow | undefined> {
    const asked = slotsOf([...tags, ...(this.#remembered.get(key) ?? [])].map(placeOf))
    const [row, ...found] = await this.#readMany([key, ...asked.map(slotKey)])
    if (!isRow(row)) return undefined
    this.#remembered.set(key, row.tags)
    const places = [...tags, ...row.tags].map(placeOf)
    const others = slotsOf(places).filter((slot) => !asked.includes(slot))
    if (others.length > 0) found.push(...(await this.#readMany(others.map(slotKey))))
    const slots = new Map([...asked, ...others].map((slot, index) => [slot, found[index]]))
    const freshness = this.#judge(row, places, slots)
    return freshness === 'expired' ? undefined : { row, isStale: freshness === 'stale' }
  }

  async #readMany(keys: readonly string[]): Promise<unknown[]> {
    const names = keys.map((key) => this.#keys.encode(key))
    const found = await this.#patient.read((store, options) => store.getMany(names, options))
    this.#payAll()
    return found
  }

  #judge({ madeAt }: TaggedRow, places: readonly TagPlace[], slots: ReadonlyMap<number, unknown>): Freshness {
    const now = Date.now()
    const said = places.flatMap(({ slot, name }) => [
      freshnessIn(slots.get(slot), name, madeAt, now),
      freshnessIn(this.#owed.get(slot), name, madeAt, now),
    ])
    return said.includes('expired') ? 'expired' : said.includes('stale') ? 'stale' : 'fresh'
  }

  /** Tells a store that has just answered what it has refused. */
  #payAll(): void {
    if (this.#isPaying || this.#retry === undefined) return
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#isPaying = true
    void this.#payEach().finally(() => {
      this.#isPaying = false
    })
  }

  async #payEach(): Promise<void> {
    for (const slot of this.#owed.keys()) {
      if (!(await this.#pay(slot))) return
    }
  }

  #payLater(): void {
    this.#retry ??= setTimeout(() => {
      if (this.#isPaying) this.#retry?.refresh()
      else this.#payAll()
    }, RETRY_AFTER).unref()
  }

  /** Resolves to `false` when the store has not taken it: it is told again, whether or not this process has requests. */
  async #pay(slot: number): Promise<boolean> {
    const owed = this.#owed.get(slot)
    if (owed === undefined) return true
    try {
      await this.#patient.write((store, options) =>
        store.update(
          this.#keys.encode(slotKey(slot)),
          // An eviction of what was said would bring back what was revalidated.
          (entry) => ({ set: mergeSlots(entry?.value, owed, Date.now()), ttl: SLOT_LIFE, pin: true }),
          options,
        ),
      )
      if (this.#owed.get(slot) === owed) this.#owed.delete(slot)
      return true
    } catch (error) {
      this.#tell(error)
      this.#payLater()
      return false
    }
  }

  #tell(error: unknown): void {
    tellFailure({ store: nameOf(this.#store) }, error)
  }
}

function slotKey(slot: number): string {
  return `tags:${slot}`
}

function slotsOf(places: readonly TagPlace[]): number[] {
  return [...new Set(places.map(({ slot }) => slot))]
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
