import {
  BestEntries,
  type Key,
  type ListedEntry,
  type ListQuery,
  type ListStep,
  type RawValue,
  STORE_LISTING,
  type StoreFacts,
  type StoreListing,
  type SurveyStep,
  stepOf,
} from '@diskcache/core'
import type { Shards } from './shards.ts'

/** What all shards tell of their entries, as one store. */
export class ShardListing implements StoreListing {
  readonly #shards: Shards
  /** The settings of all shards together. */
  readonly #settings: () => Readonly<Record<string, unknown>>

  constructor(shards: Shards, settings: () => Readonly<Record<string, unknown>>) {
    this.#shards = shards
    this.#settings = settings
  }

  async *list(query: ListQuery): AsyncGenerator<ListStep, void, void> {
    const { entries: total } = await this.facts()
    const best = new BestEntries(query)
    let before = 0
    for (const [part, listing] of this.#listings()) {
      if (query.part !== undefined && part !== query.part) continue
      for await (const step of listing.list(inPart(query, part))) {
        const scanned = before + step.scanned
        // What a shard has found is taken when it is done.
        if (!step.isDone) yield stepOf(best, { scanned, total, isDone: false })
        else best.add(numbered(step.entries, part))
        if (step.isDone) before = scanned
      }
    }
    yield stepOf(best, { scanned: total, total, isDone: true })
  }

  async *survey(): AsyncGenerator<SurveyStep, void, void> {
    const { entries: total } = await this.facts()
    let before = 0
    for (const [, listing] of this.#listings()) {
      let counted = 0
      for await (const step of listing.survey()) {
        counted = step.scanned
        yield { groups: step.groups, scanned: before + counted, total, isDone: false }
      }
      before += counted
    }
    yield { groups: [], scanned: total, total, isDone: true }
  }

  async raw(key: Key): Promise<RawValue | undefined> {
    const index = this.#shards.indexOf(key)
    const found = await this.#shards.at(index).promises[STORE_LISTING].raw(key)
    if (found?.filename === undefined) return found
    return { ...found, filename: `${String(index).padStart(3, '0')}/${found.filename}` }
  }

  async facts(): Promise<StoreFacts> {
    const all = await Promise.all(this.#listings().map(([, listing]) => listing.facts()))
    const [first] = all as [StoreFacts, ...StoreFacts[]]
    const sum = (of: (facts: StoreFacts) => number) => all.reduce((total, facts) => total + of(facts), 0)
    return {
      ...first,
      settings: this.#settings(),
      entries: sum(({ entries }) => entries),
      parts: this.#shards.count,
      databaseBytes: sum(({ databaseBytes }) => databaseBytes),
      logBytes: sum(({ logBytes }) => logBytes),
      fileBytes: sum(({ fileBytes }) => fileBytes),
      isPythons: all.some(({ isPythons }) => isPythons),
    }
  }

  /** Returns what each shard tells, but for those that are damaged beyond use where the others go on without them. */
  #listings(): [part: number, StoreListing][] {
    return this.#shards.indices().flatMap((index): [number, StoreListing][] => {
      try {
        return [[index, this.#shards.at(index).promises[STORE_LISTING]]]
      } catch (error) {
        if (this.#shards.isLeftOut(error)) return []
        throw error
      }
    })
  }
}

/** A row before all others of a shard, and one after them. */
const FIRST_ROW = -(2n ** 63n)
const LAST_ROW = 2n ** 63n - 1n

/**
 * Returns the query of one shard. Of entries that are equal in the order, those of the lower shard come first: after an
 * entry of another shard, those that are equal to it come all, or none of them.
 */
function inPart(query: ListQuery, part: number): ListQuery {
  const { after } = query
  if (after === undefined || after.part === part) return query
  return { ...query, after: { ...after, row: part < after.part ? LAST_ROW : FIRST_ROW } }
}

function numbered(entries: readonly ListedEntry[], part: number): ListedEntry[] {
  return entries.map((entry) => ({ ...entry, place: { ...entry.place, part } }))
}
