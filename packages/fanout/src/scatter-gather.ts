import { type Evictions, type Key, quote, type Stats, type WriteOptions } from '@diskcache/core'

/** An item of `setMany`. */
export type NewEntry<K extends Key, V> = readonly [K, V, WriteOptions?]

/** The answers of one shard about items that stand at these places among all. */
export interface Part<R> {
  readonly places: readonly number[]
  readonly results: readonly R[]
}

/** Returns the key of an item that is a key itself. */
export function identity<K>(key: K): K {
  return key
}

/** Returns the key of an item of `setMany`, and throws `TypeError` for what is none. */
export function keyOfEntry<K extends Key, V>(entry: NewEntry<K, V>): K {
  if (Array.isArray(entry)) return entry[0]
  throw new TypeError(`Cannot set many: expected [key, value], got ${quote(entry)}`)
}

/** Returns the results of all shards, in the order of the items. */
export function inOrder<R>(parts: readonly Part<R>[]): R[] {
  const all: R[] = []
  for (const { places, results } of parts) {
    for (const [i, place] of places.entries()) all[place] = results[i] as R
  }
  return all
}

export function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Returns the hits and misses of all shards, with the number of operations that were dropped. */
export function totalStats(stats: readonly Stats[], dropped: number): Stats {
  const evictions = stats.flatMap((one) => one.evictions ?? [])
  const memory = stats.flatMap((one) => one.memory ?? [])
  return {
    hits: total(stats.map(({ hits }) => hits)),
    misses: total(stats.map(({ misses }) => misses)),
    dropped,
    ...(evictions.length === 0 ? {} : { evictions: totalEvictions(evictions) }),
    ...(memory.length === 0 ? {} : { memory: totals(memory) }),
  }
}

function totalEvictions(evictions: readonly Evictions[]): Evictions {
  return {
    count: total(evictions.map(({ count }) => count)),
    byAge: totals(evictions.map(({ byAge }) => byAge)),
    byHits: totals(evictions.map(({ byHits }) => byHits)),
  }
}

/** Adds up what stands under the same names. */
function totals<T extends { [name in keyof T]: number }>(counts: readonly T[]): T {
  const names = Object.keys(counts[0] ?? {}) as (keyof T)[]
  return Object.fromEntries(names.map((name) => [name, total(counts.map((one) => one[name] ?? 0))])) as T
}
