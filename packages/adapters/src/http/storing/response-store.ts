import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Abortable, AsyncStore, ByteRange, Entry } from '@diskcache/core'
import type { CacheRequest } from '../rules/cache-request.ts'
import { isMadeUp, selectionOf } from '../rules/selection.ts'
import { canonical, pathId, type Target, targetId, urlOf } from '../rules/target/target.ts'
import { ChangeLooks } from './change-looks.ts'
import { HitCounts } from './hit-counts.ts'
import { isReadable, readable } from './readable.ts'
import { type Finds, type Place, RecentFinds } from './recent-finds.ts'
import { RecentResponses } from './recent-responses.ts'
import { RefusedSizes } from './refused-sizes.ts'
import {
  asIndex,
  asVariant,
  type IndexRow,
  MAX_INLINE_BYTES,
  PURGE_MEMORY,
  pathTag,
  rowKey,
  storeTag,
  targetOfRow,
  type VariantEntry,
  type VariantRow,
  variantRow,
} from './rows.ts'
import { SearchPlaces } from './search-places.ts'
import { Admissions, type Vacancy } from './variants/admissions.ts'
import { Demand, demandKey } from './variants/demand.ts'
import {
  crowdOf,
  hasPlace,
  type IndexChange,
  isContested,
  isPurgedSince,
  PLACE_MEMORY,
  type Publication,
  type Usage,
  withDemand,
  withoutVariants,
  withRenewed,
  withStaleVariants,
  withVariant,
} from './variants/variants.ts'

/** The largest body, in bytes, that is read in one piece, which takes much less time than a stream. */
const MAX_WHOLE_BYTES = 1024 * 1024

/** How many bytes of responses are kept in memory. */
const RECENT_BYTES = 32 * 1024 * 1024

/** How many prefixes that were purged are remembered one by one. */
const MAX_PREFIXES = 100

/** A stored response, and how the search found it. */
export interface Found {
  readonly id: string
  readonly row: VariantRow
  /** The fields by which the variants of its URL are told apart. */
  readonly names: readonly string[]
  /** By what the demand for it is counted; `undefined` where nobody has asked for it. */
  readonly place?: Place
}

/** A search that found nothing, and how far it came. */
export interface NotFound {
  readonly miss: 'uri-miss' | 'vary-miss' | 'miss'
  readonly names: readonly string[]
  /** What it saw of other variants; `undefined` where the answer takes the place of one that is lost. */
  readonly vacancy?: Vacancy | undefined
}

/** A request whose response may be in memory: what searches found for it, and the number under which it arrived. */
export interface Arrival {
  readonly finds: Finds
  readonly number: number
}

/** How responses are purged. */
export interface PurgeOptions extends Abortable {
  /** Whether they are kept, but count as stale. */
  readonly soft?: boolean
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
  readonly refusedSizes: RefusedSizes
  readonly #now: () => number
  readonly #recent: RecentResponses
  readonly #places: SearchPlaces
  /** How often this process has answered with each response. */
  readonly hits = new HitCounts()
  readonly #demand: Demand
  readonly admissions: Admissions
  readonly #finds = new RecentFinds()
  readonly #looks: ChangeLooks

  constructor(store: AsyncStore, name: string, now: () => number) {
    this.store = store
    this.name = name
    this.#now = now
    this.refusedSizes = new RefusedSizes(now)
    this.#demand = new Demand(now)
    this.admissions = new Admissions(this.#demand, now)
    this.#recent = new RecentResponses(RECENT_BYTES, now)
    this.#places = new SearchPlaces(store, name, now)
    this.#looks = new ChangeLooks(store)
  }

  newId(): string {
    return randomUUID()
  }

  /**
   * Returns the variant for a request, or how far the search came. A variant of which the store has lost a part, by
   * eviction or otherwise, is a miss.
   */
  async find(request: CacheRequest, options: Abortable): Promise<Found | NotFound> {
    const found = await this.#findAt(request.id, request, options)
    if (!('miss' in found) || found.miss !== 'uri-miss') return found
    const place = await this.#places.another(request.target, options)
    if (place === undefined) return found
    const other = await this.#findAt(targetId(place), request, options)
    if ('miss' in other) return { ...found, vacancy: other.vacancy }
    return this.#places.answers(request.target, other.row) ? other : found
  }

  async #findAt(id: string, request: CacheRequest, options: Abortable): Promise<Found | NotFound> {
    // Before the look: what changes during it is not seen.
    const changeCount = this.#looks.count()
    const index = asIndex(await readable(this.store.get(this.#key('index', id), options)))
    const names = index?.names ?? []
    const now = this.#now()
    const selection = selectionOf(names, request)
    const entry = index?.variants.find((variant) => variant.selection === selection)
    const vacancy = () =>
      entry !== undefined && hasPlace(entry, now) ? undefined : this.#vacancy(id, request, index)
    if (index === undefined || !isAny(index, now)) return { miss: 'uri-miss', names, vacancy: vacancy() }
    if (entry === undefined) return { miss: 'vary-miss', names, vacancy: vacancy() }
    const row = this.#recentRow(entry) ?? (await this.#readRow(entry.id, options))
    if (row === undefined) return { miss: 'miss', names, vacancy: vacancy() }
    const place = { demand: demandKey(id, selection), isContested: isContested(index) }
    if (changeCount !== undefined) this.#finds.add(id, changeCount, names, { entry, place })
    return { id: entry.id, row: staleSince(entry, row), names, place }
  }

  #vacancy(id: string, request: CacheRequest, index: IndexRow | undefined): Vacancy {
    const crowd = crowdOf(index, isMadeUp(request), { now: this.#now(), usage: this.#usage(id) })
    return this.admissions.vacancy(id, request, crowd)
  }

  /** Returns what to `recall` a response to a request by, if there may be one in memory. */
  arrive(request: CacheRequest): Arrival | undefined {
    const finds = this.#finds.get(request.id)
    return finds && { finds, number: this.#looks.arrive() }
  }

  /**
   * Returns the variant for a request, if it is in memory with its body, and nothing in the store has changed between
   * when it was found and when the request arrived.
   */
  recall(request: CacheRequest, { finds, number }: Arrival, now: number): Found | undefined {
    if (finds.changeCount !== this.#looks.countSince(number)) return undefined
    const found = finds.variants.get(selectionOf(finds.names, request))
    if (found === undefined || found.entry.until <= now) return undefined
    const { entry, place } = found
    const row = this.#recent.get(entry.id)
    if (row?.body === undefined) return undefined
    return { id: entry.id, row: staleSince(entry, row), names: finds.names, place }
  }

  /**
   * Counts that a response is an answer. Returns whether other processes should know, too, since they might give its place
   * away: call `noteDemand` then.
   */
  use({ id, place }: Found): boolean {
    this.hits.add(id)
    return place !== undefined && this.#demand.add(place.demand) && place.isContested
  }

  /** Notes how much the variants of a URL are asked for in this process. */
  async noteDemand({ row }: Found, options: Abortable): Promise<void> {
    const target = targetOfRow(row)
    if (target === undefined) return
    const place = this.#places.of(target, row)
    const usage = this.#usage(targetId(place))
    await this.#updateIndex(place, options, 0, (old, now) => withDemand(old, { now, usage }))
  }

  /**
   * Returns the body of a response, or `undefined` when the store has lost it. A body that is too long for memory is a
   * stream of `part` alone; destroy one that is not read to its end.
   */
  async body(
    { id, row }: Pick<Found, 'id' | 'row'>,
    part: ByteRange,
    options: Abortable,
  ): Promise<Body | undefined> {
    if (row.size === 0) return new Uint8Array(0)
    const known = row.body ?? this.#recent.get(id)?.body
    const body = known ?? (await this.#readBody(id, row.size, part, options))
    if (!(body instanceof Uint8Array)) return body
    if (body.byteLength !== row.size) return undefined
    if (known === undefined) this.#recent.add(id, { ...row, body })
    return body
  }

  /** Makes a response known, if nothing was purged meanwhile, and returns whether it has. */
  async publish(draft: NewResponse, options: Abortable): Promise<boolean> {
    const { id, row, ttl, target } = draft
    const write = { ttl, tag: this.#storeTags(row.tags), ...options }
    const { owner } = target
    const fields = variantRow({ ...row, url: urlOf(target), ...(owner === undefined ? {} : { owner }) })
    // The index comes last: it must lead to what is complete. Purges are asked for when there is something to purge.
    const isWritten = await this.store.set(this.#key('variant', id), fields, write)
    if (!isWritten) this.refusedSizes.note(draft.request.id, row.size)
    await this.#places.note(target, row, { ttl, ...options })
    const isKnown =
      isWritten && !(await this.#isPurged(draft, options)) && (await this.#index(draft, options))
    // A purge of a path takes the index away, and may have come just before it was written.
    if (isKnown && (await this.#isPurged(draft, options)))
      await this.#purgeAt(this.#places.of(target, row), options)
    if (!isKnown) await this.discard([id], options)
    return isKnown
  }

  /** Makes a response fresh anew, whose body stays, if nothing has removed it meanwhile. Returns whether it has. */
  async renew({ id, row, ttl, target }: RenewedResponse, options: Abortable): Promise<boolean> {
    const { requestedAt } = row.policy
    const { body, ...head } = row
    const isInline = row.size <= MAX_INLINE_BYTES
    const isThere = isInline || (await this.store.touch(this.#key('body', id), { ttl, ...options }))
    const fields = { ...head, ...(isInline && body !== undefined ? { body } : {}) }
    const write = { ttl, tag: this.#storeTags(row.tags), ...options }
    const isWritten = isThere && (await this.store.set(this.#key('variant', id), fields, write))
    const place = this.#places.of(target, row)
    const usage = this.#usage(targetId(place))
    const change = (old: IndexRow | undefined, now: number) =>
      withRenewed(old, { id, until: now + ttl, requestedAt }, { now, usage })
    const isRight = isWritten && !(await this.#isPurged({ row, target }, options))
    const { row: index } = isRight ? await this.#updateIndex(place, options, ttl, change) : {}
    const entry = index?.variants.find((variant) => variant.id === id)
    if (entry === undefined) {
      await this.discard([id], options)
      return false
    }
    this.#recent.delete(id)
    this.#demand.add(demandKey(targetId(place), entry.selection))
    return true
  }

  /**
   * Removes the responses of a URL, also those that are under way, or makes them stale. Returns whether there was one.
   */
  async purgeTarget(target: Target, options: PurgeOptions): Promise<boolean> {
    const isAny = await this.#purgeAt(target, options)
    const place = await this.#places.another(target, { signal: options.signal })
    return (place !== undefined && (await this.#purgeAt(place, options))) || isAny
  }

  async #purgeAt(target: Target, { soft = false, ...options }: PurgeOptions): Promise<boolean> {
    let wasAny = false
    const change = (old: IndexRow | undefined, now: number) => {
      wasAny = old !== undefined && isAny(old, now)
      return soft ? withStaleVariants(old, now) : withoutVariants(old, now)
    }
    const { dropped } = await this.#updateIndex(target, options, PURGE_MEMORY, change)
    await this.discard(dropped, options)
    return wasAny
  }

  /** Removes the responses of a path with any query, like `purgeTarget`. */
  async purgePath(target: Target, { soft = false, ...options }: PurgeOptions): Promise<boolean> {
    const id = pathId(target)
    await this.store.set(this.#key('purge-path', id), this.#now(), { ttl: PURGE_MEMORY, ...options })
    if (soft) return this.#purgeEach((_row, of) => pathId(of) === id, { soft, ...options })
    return (await this.store.evict(pathTag(this.name, id), options)) > 0
  }

  /** Removes the responses whose URL begins with that of a target, like `purgeTarget`. */
  async purgePrefix(prefix: Target, options: PurgeOptions): Promise<boolean> {
    const url = urlOf(canonical(prefix))
    await this.#notePrefix(url, options)
    return this.#purgeEach((_row, target) => urlOf(canonical(target)).startsWith(url), options)
  }

  /** Removes the responses with a tag, like `purgeTarget`. */
  async purgeTag(tag: string, { soft = false, ...options }: PurgeOptions): Promise<boolean> {
    const mark = { ttl: PURGE_MEMORY, ...options }
    await this.store.set(this.#key('purge', tag), this.#now(), mark)
    const label = storeTag(this.name, tag)
    if (soft) return this.#purgeEach(({ tags }) => tags.includes(tag), { soft, ...options }, label)
    return (await this.store.evict(label, options)) > 0
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

  /** Iterates over the stored responses, or those with a label of the store's, expired ones left out. */
  async *list(label?: string): AsyncGenerator<Found> {
    for await (const key of this.store.keys({ foreign: 'skip', tag: label })) {
      const id = this.#idOf(key)
      const row = id === undefined ? undefined : asVariant(await readable(this.store.get(key)))
      if (id === undefined || row === undefined) continue
      const target = targetOfRow(row)
      if (target === undefined) continue
      const place = targetId(this.#places.of(target, row))
      const index = asIndex(await readable(this.store.get(this.#key('index', place))))
      const entry = index?.variants.find((variant) => variant.id === id)
      if (entry !== undefined) yield { id, row: staleSince(entry, row), names: [] }
    }
  }

  /** Reads all responses, or those with a label, and purges the URLs of those that fit. */
  async #purgeEach(
    fits: (row: VariantRow, target: Target) => boolean,
    options: PurgeOptions,
    label?: string,
  ): Promise<boolean> {
    let isAny = false
    for await (const { row } of this.list(label)) {
      options.signal?.throwIfAborted()
      const target = targetOfRow(row)
      if (target !== undefined && fits(row, target))
        isAny = (await this.#purgeAt(this.#places.of(target, row), options)) || isAny
    }
    return isAny
  }

  /** Notes that answers that are under way must not be stored. Of prefixes that are too many or unreadable, all URLs are one. */
  async #notePrefix(url: string, { soft: _, ...options }: PurgeOptions): Promise<void> {
    const now = this.#now()
    const key = this.#key('purge-prefixes')
    const add = (entry: Entry<unknown> | undefined) => {
      const young = asPrefixes(entry?.value).filter(([, time]) => now - time < PURGE_MEMORY)
      const prefixes = young.length < MAX_PREFIXES ? [...young, [url, now]] : [['', now]]
      return { set: prefixes, ttl: PURGE_MEMORY }
    }
    const isNoted = await isReadable(this.store.update(key, add, options))
    if (!isNoted) await this.store.set(key, [['', now]], { ttl: PURGE_MEMORY, ...options })
  }

  /**
   * Returns the row of a recent response. One with tags has to be read: a purge by tag takes it away, and leaves the
   * index.
   */
  #recentRow({ id, until, requestedAt }: VariantEntry): VariantRow | undefined {
    const row = this.#recent.getJustRead(id)
    if (row?.tags.length !== 0 || until <= this.#now()) return undefined
    // Another process may have renewed it.
    return (requestedAt ?? row.policy.requestedAt) === row.policy.requestedAt ? row : undefined
  }

  async #readRow(id: string, options: Abortable): Promise<VariantRow | undefined> {
    const row = asVariant(await readable(this.store.get(this.#key('variant', id), options)))
    if (row !== undefined) this.#recent.add(id, row)
    return row
  }

  async #readBody(
    id: string,
    size: number,
    { start, end }: ByteRange,
    options: Abortable,
  ): Promise<Body | undefined> {
    const key = this.#key('body', id)
    if (size > MAX_WHOLE_BYTES && this.store.capabilities.streams)
      return readable(this.store.read(key, { start, end, ...options }))
    const body = await readable(this.store.get(key, options))
    return body instanceof Uint8Array ? body : undefined
  }

  #storeTags(tags: readonly string[]): string[] {
    return tags.map((tag) => storeTag(this.name, tag))
  }

  async #isPurged(
    { row, target }: { readonly row: Pick<VariantRow, 'policy' | 'tags'>; readonly target: Target },
    options: Abortable,
  ): Promise<boolean> {
    const { requestedAt } = row.policy
    const elapsed = this.#now() - requestedAt
    // Older purges are forgotten by now; and by a clock that was set back, a purge since then may seem to come before.
    if (elapsed < 0 || elapsed >= PURGE_MEMORY) return true
    const keys = [
      this.#key('purge-prefixes'),
      this.#key('purge-path', pathId(target)),
      ...row.tags.map((tag) => this.#key('purge', tag)),
    ]
    const [prefixes, ...purges] = await this.store.getMany(keys, options)
    const url = urlOf(canonical(target))
    const times = asPrefixes(prefixes).filter(([prefix]) => url.startsWith(prefix))
    return [...purges, ...times.map(([, time]) => time)].some(
      (time) => typeof time === 'number' && isPurgedSince(time, requestedAt, this.#now()),
    )
  }

  async #index(draft: NewResponse, options: Abortable): Promise<boolean> {
    const { id, request, names, ttl, row: head } = draft
    const target = this.#places.of(draft.target, head)
    const { requestedAt } = head.policy
    const selectBy = (names: readonly string[]) => selectionOf(names, request)
    const until = this.#now() + ttl
    const fresh: Publication = { id, names, selectBy, requestedAt, until, isMadeUp: isMadeUp(request) }
    const place = targetId(target)
    const usage = this.#usage(place)
    const change = (old: IndexRow | undefined, now: number) => withVariant(old, fresh, { now, usage })
    const { row, dropped } = await this.#updateIndex(target, options, ttl, change)
    await this.discard(dropped, options)
    this.#demand.add(demandKey(place, selectBy(row?.names ?? names)))
    return row !== undefined
  }

  /** Returns how much variants of the target with this id were asked for. */
  #usage(id: string): Usage {
    return {
      of: (selection) => this.#demand.of(demandKey(id, selection)),
      before: (selection) => this.#demand.before(demandKey(id, selection)),
    }
  }

  /**
   * Changes the index of a URL. `change` may run more than once; the last time counts. The row lives as long as its
   * variants keep their places, that of one that lives `ttl` milliseconds at least.
   */
  async #updateIndex(
    target: Target,
    options: Abortable,
    ttl: number,
    change: (old: IndexRow | undefined, now: number) => IndexChange | undefined,
  ): Promise<Partial<IndexChange> & Pick<IndexChange, 'dropped'>> {
    const now = this.#now()
    let changed: IndexChange | undefined
    const key = this.#key('index', targetId(target))
    const changeRow = (entry: Entry<unknown> | undefined) => {
      changed = change(asIndex(entry?.value), now)
      if (changed === undefined) return { keep: true } as const
      const left = entry === undefined ? 0 : (entry.expireTime ?? Infinity) - now
      return {
        set: changed.row,
        ttl: Math.max(ttl + PLACE_MEMORY, left),
        tag: this.#pathTag(target, changed.row),
      }
    }
    if (await isReadable(this.store.update(key, changeRow, options))) return changed ?? { dropped: [] }
    // What an index that cannot be read leads to is lost, and is stored anew.
    await this.store.delete(key, options)
    await this.store.update(key, changeRow, options)
    return changed ?? { dropped: [] }
  }

  /** Returns the tag of an index that leads to anything. */
  #pathTag(target: Target, { variants }: IndexRow): readonly string[] {
    return variants.length === 0 ? [] : [pathTag(this.name, pathId(target))]
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

/** Returns whether an index leads to a response that may be of use. */
function isAny({ variants }: IndexRow, now: number): boolean {
  return variants.some(({ until }) => until > now)
}

/** Returns a response as it is when it counts as stale, unless it was made fresh anew since then. */
function staleSince({ staleAt }: VariantEntry, row: VariantRow): VariantRow {
  if (staleAt === undefined || row.policy.requestedAt > staleAt) return row
  const { initialAge, receivedAt } = row.policy
  const lifetime = Math.min(row.policy.lifetime, initialAge + Math.max(0, staleAt - receivedAt))
  return { ...row, policy: { ...row.policy, lifetime } }
}

/** Returns the prefixes that were purged, and when. */
function asPrefixes(value: unknown): readonly (readonly [prefix: string, time: number])[] {
  return Array.isArray(value) ? value : []
}
