import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Abortable, AsyncStore, Entry, WriteOptions } from '@diskcache/core'
import type { CacheRequest } from '../rules/cache-request.ts'
import { selectionOf } from '../rules/selection.ts'
import { type Target, targetId, urlOf } from '../rules/target.ts'
import { RecentResponses } from './recent-responses.ts'
import {
  asIndex,
  asVariant,
  type IndexChange,
  type IndexRow,
  MAX_INLINE_BYTES,
  PURGE_MEMORY,
  type Publication,
  rowKey,
  storeTag,
  type VariantEntry,
  type VariantRow,
  variantRow,
  withoutVariants,
  withRenewed,
  withVariant,
} from './rows.ts'

/** The largest body, in bytes, that is read in one piece, which takes much less time than a stream. */
const MAX_WHOLE_BYTES = 1024 * 1024

/** How many bytes of responses are kept in memory. */
const RECENT_BYTES = 32 * 1024 * 1024

/** A stored response, and how the search found it. */
export interface Found {
  readonly id: string
  readonly row: VariantRow
  /** The fields by which the variants of its URL are told apart. */
  readonly names: readonly string[]
}

/** A search that found nothing, and how far it came. */
export interface NotFound {
  readonly miss: 'uri-miss' | 'vary-miss' | 'miss'
  readonly names: readonly string[]
}

export type Body = Uint8Array | Readable

/** A response whose body is stored, to be made known. */
export interface NewResponse {
  readonly id: string
  readonly target: Target
  readonly request: CacheRequest
  readonly names: readonly string[]
  readonly row: Omit<VariantRow, 'format' | 'url'>
  /** The time in milliseconds for which the response may be of use. */
  readonly ttl: number
}

/** A stored response, with fields and policy made anew by an answer that said that its body is still right. */
export interface RenewedResponse extends Pick<NewResponse, 'id' | 'target' | 'ttl'> {
  readonly row: VariantRow
}

/** Responses as rows of a store. Every method passes on what the store throws. */
export class ResponseStore {
  readonly store: AsyncStore
  readonly name: string
  readonly #now: () => number
  readonly #recent: RecentResponses

  constructor(store: AsyncStore, name: string, now: () => number) {
    this.store = store
    this.name = name
    this.#now = now
    this.#recent = new RecentResponses(RECENT_BYTES, now)
  }

  newId(): string {
    return randomUUID()
  }

  /**
   * Returns the variant for a request, or how far the search came. A variant of which the store has lost a part, by
   * eviction or otherwise, is a miss.
   */
  async find(request: CacheRequest, options: Abortable): Promise<Found | NotFound> {
    const index = asIndex(await this.store.get(this.#key('index', request.id), options))
    const names = index?.names ?? []
    if (index === undefined || index.variants.length === 0) return { miss: 'uri-miss', names }
    const selection = selectionOf(names, request)
    const entry = index.variants.find((variant) => variant.selection === selection)
    if (entry === undefined) return { miss: 'vary-miss', names }
    const row = this.#recentRow(entry) ?? (await this.#readRow(entry.id, options))
    return row === undefined ? { miss: 'miss', names } : { id: entry.id, row, names }
  }

  /**
   * Returns the body of a response, or `undefined` when the store has lost it. Destroy a stream that is not read to its
   * end.
   */
  async body({ id, row }: Pick<Found, 'id' | 'row'>, options: Abortable): Promise<Body | undefined> {
    if (row.size === 0) return new Uint8Array(0)
    const known = row.body ?? this.#recent.get(id)?.body
    const body = known ?? (await this.#readBody(id, row.size, options))
    if (!(body instanceof Uint8Array)) return body
    if (body.byteLength !== row.size) return undefined
    if (known === undefined) this.#recent.add(id, { ...row, body })
    return body
  }

  /** Makes a response known, if nothing was purged meanwhile, and returns whether it has. */
  async publish(draft: NewResponse, options: Abortable): Promise<boolean> {
    const { id, row, ttl } = draft
    const write = { ttl, tag: this.#storeTags(row.tags), ...options }
    const fields = variantRow({ ...row, url: urlOf(draft.target) })
    // The index comes last: it must lead to what is complete. Purges are asked for when there is something to purge.
    const isWritten = await this.store.set(this.#key('variant', id), fields, write)
    await this.#mark(id, row.tags, { ttl, ...options })
    const isKnown =
      isWritten && !(await this.#isPurged(draft.row, options)) && (await this.#index(draft, options))
    if (!isKnown) await this.discard([id], options)
    return isKnown
  }

  /** Makes a response fresh anew, whose body stays, if nothing has removed it meanwhile. Returns whether it has. */
  async renew({ id, row, ttl, target }: RenewedResponse, options: Abortable): Promise<boolean> {
    const { requestedAt } = row.policy
    const { body, ...head } = row
    const isInline = row.size <= MAX_INLINE_BYTES
    const keys = [
      ...(isInline ? [] : [this.#key('body', id)]),
      ...this.#marksOf(id, row.tags).map(({ key }) => key),
    ]
    const isThere = await Promise.all(keys.map((key) => this.store.touch(key, { ttl, ...options })))
    const fields = { ...head, ...(isInline && body !== undefined ? { body } : {}) }
    const write = { ttl, tag: this.#storeTags(row.tags), ...options }
    const isWritten =
      isThere.every(Boolean) && (await this.store.set(this.#key('variant', id), fields, write))
    const change = (old: IndexRow | undefined) =>
      withRenewed(old, { id, until: this.#now() + ttl, requestedAt })
    const isKnown =
      isWritten &&
      !(await this.#isPurged(row, options)) &&
      (await this.#updateIndex(target, options, ttl, change)).row !== undefined
    if (isKnown) this.#recent.delete(id)
    else await this.discard([id], options)
    return isKnown
  }

  /** Removes the responses of a URL, also those that are under way. Returns whether there was one. */
  async purgeTarget(target: Target, options: Abortable): Promise<boolean> {
    const { dropped } = await this.#updateIndex(target, options, PURGE_MEMORY, withoutVariants)
    await this.discard(dropped, options)
    return dropped.length > 0
  }

  /** Removes the responses with a tag, also those that are under way. Returns whether there was one. */
  async purgeTag(tag: string, options: Abortable): Promise<boolean> {
    const mark = { ttl: PURGE_MEMORY, ...options }
    await this.store.set(this.#key('purge', tag), this.#now(), mark)
    return (await this.store.evict(storeTag(this.name, tag), options)) > 0
  }

  /** Removes responses that nothing leads to. */
  async discard(ids: readonly string[], options: Abortable): Promise<void> {
    if (ids.length === 0) return
    for (const id of ids) this.#recent.delete(id)
    await this.store.deleteMany(
      ids.flatMap((id) => [this.#key('variant', id), this.#key('body', id)]),
      options,
    )
  }

  /** Stores a body, and returns whether the store took it. */
  async writeBody(
    id: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    { tags, ...options }: { ttl: number; tags: readonly string[] } & Abortable,
  ): Promise<boolean> {
    const write = { ...options, tag: this.#storeTags(tags) }
    const key = this.#key('body', id)
    if (body instanceof Uint8Array) return this.store.set(key, body, write)
    return this.store.write(key, body, write)
  }

  /** Iterates over the stored responses, expired ones left out. */
  async *list(): AsyncGenerator<Found> {
    for await (const key of this.store.keys({ foreign: 'skip' })) {
      const id = this.#idOf(key)
      const row = id === undefined ? undefined : asVariant(await this.store.get(key))
      if (id === undefined || row === undefined || !(await this.#hasTags(id, row, {}))) continue
      yield { id, row, names: [] }
    }
  }

  /**
   * Returns the row of a recent response. One with tags has to be read: a purge by tag takes it away, and leaves the
   * index.
   */
  #recentRow({ id, until, requestedAt }: VariantEntry): VariantRow | undefined {
    const row = this.#recent.get(id)
    if (row?.tags.length !== 0 || until <= this.#now()) return undefined
    // Another process may have renewed it.
    return (requestedAt ?? row.policy.requestedAt) === row.policy.requestedAt ? row : undefined
  }

  async #readRow(id: string, options: Abortable): Promise<VariantRow | undefined> {
    const row = asVariant(await this.store.get(this.#key('variant', id), options))
    if (row === undefined || !(await this.#hasTags(id, row, options))) return undefined
    if (row.tags.length === 0) this.#recent.add(id, row)
    return row
  }

  async #readBody(id: string, size: number, options: Abortable): Promise<Body | undefined> {
    const key = this.#key('body', id)
    if (size > MAX_WHOLE_BYTES && this.store.capabilities.streams) return this.store.read(key, options)
    const body = await this.store.get(key, options)
    return body instanceof Uint8Array ? body : undefined
  }

  /**
   * Returns the marks of a response. Where a row has one tag only, each further tag has a row, which goes when that tag
   * is purged.
   */
  #marksOf(id: string, tags: readonly string[]) {
    const further = this.store.capabilities.tags === 'one' ? tags.slice(1) : []
    return further.map((tag) => ({ key: this.#key('tag', id, tag), tag: storeTag(this.name, tag) }))
  }

  #storeTags(tags: readonly string[]): WriteOptions['tag'] {
    const all = tags.map((tag) => storeTag(this.name, tag))
    return this.store.capabilities.tags === 'one' ? all.slice(0, 1) : all
  }

  async #mark(id: string, tags: readonly string[], options: WriteOptions & Abortable): Promise<void> {
    const marks = this.#marksOf(id, tags)
    if (marks.length === 0) return
    await this.store.setMany(
      marks.map(({ key, tag }) => [key, true, { tag }] as const),
      options,
    )
  }

  async #hasTags(id: string, { tags }: VariantRow, options: Abortable): Promise<boolean> {
    const marks = this.#marksOf(id, tags)
    if (marks.length === 0) return true
    const found = await this.store.hasMany(
      marks.map(({ key }) => key),
      options,
    )
    return found.every(Boolean)
  }

  async #isPurged(row: Pick<VariantRow, 'policy' | 'tags'>, options: Abortable): Promise<boolean> {
    const { requestedAt } = row.policy
    // Older purges are forgotten by now.
    if (this.#now() - requestedAt >= PURGE_MEMORY) return true
    if (row.tags.length === 0) return false
    const purges = await this.store.getMany(
      row.tags.map((tag) => this.#key('purge', tag)),
      options,
    )
    return purges.some((time) => typeof time === 'number' && time >= requestedAt)
  }

  async #index(draft: NewResponse, options: Abortable): Promise<boolean> {
    const { id, request, names, target, ttl } = draft
    const { requestedAt } = draft.row.policy
    const selectBy = (names: readonly string[]) => selectionOf(names, request)
    const fresh: Publication = { id, names, selectBy, requestedAt, until: this.#now() + ttl }
    const change = (old: IndexRow | undefined, now: number) => withVariant(old, fresh, now)
    const { row, dropped } = await this.#updateIndex(target, options, ttl, change)
    await this.discard(dropped, options)
    return row !== undefined
  }

  /**
   * Changes the index of a URL. `change` may run more than once; the last time counts. The row lives as long as its
   * variants, `ttl` milliseconds at least.
   */
  async #updateIndex(
    target: Target,
    options: Abortable,
    ttl: number,
    change: (old: IndexRow | undefined, now: number) => IndexChange | undefined,
  ): Promise<Partial<IndexChange> & Pick<IndexChange, 'dropped'>> {
    const now = this.#now()
    let changed: IndexChange | undefined
    await this.store.update(
      this.#key('index', targetId(target)),
      (entry: Entry<unknown> | undefined) => {
        changed = change(asIndex(entry?.value), now)
        if (changed === undefined) return { keep: true }
        const left = entry === undefined ? 0 : (entry.expireTime ?? Infinity) - now
        return { set: changed.row, ttl: Math.max(ttl, left) }
      },
      options,
    )
    return changed ?? { dropped: [] }
  }

  /** Returns the variant whose row this is, or `undefined` for other rows. */
  #idOf(key: unknown): string | undefined {
    if (!Array.isArray(key) || key.length !== 5) return undefined
    const [application, part, name, kind, id] = key as unknown[]
    const isOurs = application === 'diskcache' && part === 'http' && name === this.name && kind === 'variant'
    return isOurs ? String(id) : undefined
  }

  #key(kind: Parameters<typeof rowKey>[1], ...parts: readonly string[]) {
    return rowKey(this.name, kind, ...parts)
  }
}
