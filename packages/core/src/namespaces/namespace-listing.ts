import { Disk } from '../codec/disk.ts'
import type { Key } from '../contract/entry.ts'
import type {
  ListedEntry,
  ListQuery,
  ListStep,
  RawValue,
  StoreFacts,
  StoreListing,
  SurveyStep,
} from '../contract/hooks/store-listing.ts'
import { groupOf } from '../stores/survey-group.ts'
import { isSliceOver, nextSlice } from '../waiting/slices.ts'
import type { NamespaceKeys } from './namespace-keys.ts'

const ENTRIES_PER_STEP = 500

const disk = new Disk()

/** What a namespace tells of its entries: what the whole tells of those, under their own keys. */
export class NamespaceListing implements StoreListing {
  readonly #whole: StoreListing
  readonly #keys: NamespaceKeys
  readonly #count: () => Promise<number>

  /** Takes what the whole tells, and what counts the entries of the namespace. */
  constructor(whole: StoreListing, keys: NamespaceKeys, count: () => Promise<number>) {
    this.#whole = whole
    this.#keys = keys
    this.#count = count
  }

  async *list(query: ListQuery): AsyncGenerator<ListStep, void, void> {
    const { prefix } = this.#keys
    const total = await this.#count()
    const within = {
      ...query,
      prefix: this.#keys.withPrefix(query.prefix),
      textAfter: Array.from(prefix).length,
    }
    for await (const step of this.#whole.list(within)) {
      const entries = step.entries.map((entry) => this.#own(entry))
      const scanned = step.isDone ? total : Math.min(step.scanned, total)
      yield { ...step, entries, scanned, total }
    }
  }

  async *survey(): AsyncGenerator<SurveyStep, void, void> {
    const total = await this.#count()
    const now = Date.now()
    let scanned = 0
    for await (const entries of this.#pages()) {
      scanned += entries.length
      const groups = entries.map((entry) => groupOf(entry, now))
      yield { groups, scanned, total: Math.max(total, scanned), isDone: false }
      if (isSliceOver()) await nextSlice()
    }
    yield { groups: [], scanned, total: scanned, isDone: true }
  }

  async find(key: Key): Promise<ListedEntry | undefined> {
    const text = this.#keys.encode(key)
    const after = { by: text, form: -1, part: 0, row: -1n }
    const [entry] = await this.#page({ order: 'key', after, limit: 1 })
    return entry?.encodedKey.key === text ? this.#own(entry) : undefined
  }

  raw(key: Key): Promise<RawValue | undefined> {
    return this.#whole.raw(this.#keys.encode(key))
  }

  async facts(): Promise<StoreFacts> {
    const [facts, entries] = await Promise.all([this.#whole.facts(), this.#count()])
    return { ...facts, entries }
  }

  /** Gives all entries, some at a time, in the order of their keys. */
  async *#pages(): AsyncGenerator<ListedEntry[], void, void> {
    const query = { order: 'key', prefix: this.#keys.prefix, limit: ENTRIES_PER_STEP } as const
    let page = await this.#page(query)
    for (;;) {
      if (page.length > 0) yield page.map((entry) => this.#own(entry))
      const last = page.at(-1)
      if (last === undefined || page.length < ENTRIES_PER_STEP) return
      page = await this.#page({ ...query, after: last.place })
    }
  }

  /** Resolves to entries of the whole. */
  async #page(query: ListQuery): Promise<readonly ListedEntry[]> {
    for await (const { entries, isDone } of this.#whole.list(query)) if (isDone) return entries
    return []
  }

  /** Returns an entry under its own key; one whose key others have made as it is in the whole, and without that key. */
  #own(entry: ListedEntry): ListedEntry {
    const key = typeof entry.key === 'string' ? this.#keys.decode(entry.key) : undefined
    return key === undefined ? { ...entry, key } : { ...entry, key, encodedKey: disk.encodeKey(key) }
  }
}
