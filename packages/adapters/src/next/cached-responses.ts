import { nameText } from '@diskcache/core'
import { byClockOfNext } from './next-clock.ts'
import type { CacheControl, CachedValue, FoundValue, GetContext, SetContext } from './next-types.ts'
import type { Durations } from './tags/tag-times.ts'
import type { TaggedRow, TaggedRows } from './tags/tagged-rows.ts'
import { revivedValue, tagsOf } from './values/cached-value.ts'

/** Kinds whose keys tell nothing of the build, and whose values serve any. */
const OF_ANY_BUILD: readonly string[] = ['FETCH', 'IMAGE']

/** The responses of pages and routes, and of `fetch` and `unstable_cache`, as one request sees them. */
export class CachedResponses {
  readonly #rows: TaggedRows
  readonly #deployment: string | undefined
  /** When a value was first asked for: what is stored in its place is made of what was read since. Images have no tags. */
  readonly #askedAt = new Map<string, number>()

  /** @internal */
  constructor(rows: TaggedRows, deployment: string | undefined) {
    this.#rows = rows
    this.#deployment = deployment
  }

  /**
   * Resolves to the value of `key`, `null` when there is none that may be served. Never rejects. `V` is what the caller
   * calls values of that kind, by which the handler fits Next's types.
   */
  async get<V = CachedValue>(key: string, context: GetContext): Promise<FoundValue<V> | null> {
    return (await this.#find(key, context)) as FoundValue<V> | null
  }

  /** Stores a value for all processes. Never rejects. */
  async set(key: string, value: CachedValue | null, context: SetContext): Promise<void> {
    const rowKey = this.#rowKey(key, value?.kind)
    if (rowKey === undefined) return
    const now = Date.now()
    const madeAt = this.#askedAt.get(key) ?? now
    this.#askedAt.delete(key)
    const { cacheControl } = context
    const tags = [...new Set([...(context.tags ?? []), ...tagsOf(value)])]
    await this.#rows.write(rowKey, {
      ...{ madeAt, tags, value, lastModified: now },
      ...(cacheControl === undefined ? {} : { cacheControl }),
    })
  }

  /** Revalidates tags for all processes. Never rejects. */
  async revalidateTag(tags: string | string[], durations?: Durations): Promise<void> {
    await this.#rows.revalidate([tags].flat(), durations)
  }

  /** Does nothing: a request keeps no values. */
  resetRequestCache(): void {}

  async #find(key: string, context: GetContext): Promise<FoundValue | null> {
    const rowKey = this.#rowKey(key, context.kind)
    if (rowKey === undefined) return null
    if (context.kind !== 'IMAGE' && !this.#askedAt.has(key)) this.#askedAt.set(key, Date.now())
    const { tags = [], softTags = [] } = context
    const found = await this.#rows.read(rowKey, [...tags, ...softTags])
    const row = responseIn(found?.row)
    if (found === undefined || row === undefined || !isOfKind(row.value, context)) return null
    if (!found.isStale) return row
    return row.value?.kind === 'FETCH' ? staleFetch(row, context) : staleResponse(row)
  }

  /** Next uses the keys of all kinds but `null` for one kind each. */
  #rowKey(key: string, kind: string | undefined): string | undefined {
    if (kind !== undefined && OF_ANY_BUILD.includes(kind)) return `${kind.toLowerCase()}:${key}`
    return this.#deployment === undefined ? undefined : `response:${nameText(this.#deployment)}:${key}`
  }
}

/** For each kind that Next asks for, those of the values that it takes; `null` is a page that is not there. */
const KINDS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  ...{ APP_PAGE: ['APP_PAGE'], APP_ROUTE: ['APP_ROUTE'], PAGES: ['PAGES', 'REDIRECT', undefined] },
  ...{ FETCH: ['FETCH'], IMAGE: ['IMAGE'] },
}

/** Next throws for a value of another kind than it asked for. */
function isOfKind(value: CachedValue | null, { kind }: GetContext): boolean {
  return KINDS[kind]?.includes(value?.kind) ?? false
}

/** Returns what a row has for Next; `undefined` for one that is damaged. */
function responseIn(row: TaggedRow | undefined): FoundValue | undefined {
  const value = revivedValue(row?.value)
  const lastModified = row?.lastModified
  const cacheControl = row?.cacheControl
  if (value === undefined || !Number.isFinite(lastModified) || !isLifetime(cacheControl)) return undefined
  return {
    value,
    lastModified: byClockOfNext(lastModified as number),
    ...(cacheControl === undefined ? {} : { cacheControl }),
  }
}

/** To Next, what `fetch` got is stale when it is old enough. */
function staleFetch(found: FoundValue, context: GetContext): FoundValue {
  const { revalidate } = found.value as CachedValue & { revalidate: number }
  return olderBy((context.revalidate || revalidate) + 1, found)
}

/** To Next, a response is stale when its lifetime is over, which becomes a second here. */
function staleResponse(found: FoundValue): FoundValue {
  return { ...olderBy(2, found), cacheControl: { revalidate: 1, expire: found.cacheControl?.expire } }
}

function olderBy(seconds: number, found: FoundValue): FoundValue {
  return { ...found, lastModified: Math.min(found.lastModified, byClockOfNext(Date.now()) - seconds * 1_000) }
}

/** Next throws for less than a second. */
function isLifetime(value: unknown): value is CacheControl | undefined {
  if (value === undefined) return true
  const { revalidate, expire } = Object(value) as Partial<CacheControl>
  return (revalidate === false || isSeconds(revalidate)) && (expire === undefined || isSeconds(expire))
}

function isSeconds(value: unknown): boolean {
  return typeof value === 'number' && value >= 1 && value <= Number.MAX_SAFE_INTEGER
}
