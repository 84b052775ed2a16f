import type { Abortable, AsyncStore } from '@diskcache/core'
import { LRUCache } from 'lru-cache'
import { reducedPath, searchVariance } from '../fields/no-vary-search.ts'
import { pathId, type Target } from '../rules/target/target.ts'
import { readable } from './readable.ts'
import { rowKey, targetOfRow, type VariantRow } from './rows.ts'

/** How long it is remembered whether there is a rule for a path, in milliseconds: another process may find one. */
const MAX_AGE_MS = 5_000

const MAX_REMEMBERED = 1_000

const NO_RULE = ''

/**
 * Where responses stand that say by `No-Vary-Search` that they do not depend on all of the query: at the URL without the
 * rest. Of each path, the latest rule is noted, so that requests find that place.
 */
export class SearchPlaces {
  readonly #store: AsyncStore
  readonly #name: string
  readonly #rules: LRUCache<string, string>

  /** `now` is in milliseconds. */
  constructor(store: AsyncStore, name: string, now: () => number) {
    this.#store = store
    this.#name = name
    // No timers.
    this.#rules = new LRUCache({ max: MAX_REMEMBERED, ttl: MAX_AGE_MS, ttlResolution: 0, perf: { now } })
  }

  /** Returns where a response to this target stands. */
  of(target: Target, { headers }: Pick<VariantRow, 'headers'>): Target {
    return placed(target, ruleOf(headers))
  }

  /** Returns whether a response also answers this target. */
  answers(target: Target, row: VariantRow): boolean {
    const own = targetOfRow(row)
    return own !== undefined && this.of(target, row).path === this.of(own, row).path
  }

  /** Returns where a response to this target may stand, too; `undefined` when nothing says so. */
  async another(target: Target, options: Abortable): Promise<Target | undefined> {
    const id = pathId(target)
    const rule = this.#rules.get(id) ?? (await this.#read(id, options))
    const place = placed(target, rule)
    return place.path === target.path ? undefined : place
  }

  /** Notes the rule of a response that is stored, so that other requests find it. */
  async note(
    target: Target,
    { headers }: Pick<VariantRow, 'headers'>,
    options: { readonly ttl: number } & Abortable,
  ): Promise<void> {
    const rule = ruleOf(headers)
    if (rule === NO_RULE || searchVariance(rule) === undefined) return
    const id = pathId(target)
    this.#rules.set(id, rule)
    await this.#store.set(this.#key(id), rule, options)
  }

  async #read(id: string, options: Abortable): Promise<string> {
    const value = await readable(this.#store.get(this.#key(id), options))
    const rule = typeof value === 'string' ? value : NO_RULE
    this.#rules.set(id, rule)
    return rule
  }

  #key(id: string) {
    return rowKey(this.#name, 'search', id)
  }
}

function ruleOf(headers: VariantRow['headers']): string {
  const values = headers.filter(([name]) => name.toLowerCase() === 'no-vary-search').map(([, value]) => value)
  return values.flat().join(', ')
}

function placed(target: Target, rule: string): Target {
  const variance = rule === NO_RULE ? undefined : searchVariance(rule)
  return variance === undefined ? target : { ...target, path: reducedPath(target.path, variance) }
}
