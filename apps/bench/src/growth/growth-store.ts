import { Cache } from '@diskcache/cache'
import { BareDatabase } from '../bare-database.ts'

/** What is measured as it grows: ours, or a bare database. */
export interface GrowthStore extends Disposable {
  readonly path: string
  setMany(entries: readonly (readonly [string, string])[]): void
  get(key: string): unknown
  set(key: string, value: string): void
  delete(key: string): void
  /** Writes a new key, and removes the one that was written first: what a set does in a cache that is full. */
  cull(key: string, value: string): void
}

/** A cache that is over its limit by a little more than one entry at each write removes one entry at each write. */
const FULL = { sizeLimit: 1_000, cullLimit: 1 }

const ROOMY = { sizeLimit: 2 ** 40, cullLimit: 10 }

export function growingCache(path: string): GrowthStore {
  const cache = new Cache<string, string>(path, { sizeLimit: ROOMY.sizeLimit })
  let isFull = false
  return {
    path,
    setMany: (entries) => cache.setMany(entries),
    get: (key) => cache.get(key),
    set: (key, value) => cache.set(key, value),
    delete: (key) => cache.delete(key),
    cull(key, value) {
      if (!isFull) cache.configure(FULL)
      isFull = true
      cache.set(key, value)
    },
    [Symbol.dispose]: () => cache.close(),
  }
}

/** With the same operations, each a transaction by itself. */
export function growingBare(path: string): GrowthStore {
  const bare = new BareDatabase(path)
  return {
    path,
    setMany: (entries) => bare.upsertAll(entries),
    get: (key) => bare.select(key),
    set: (key, value) => bare.upsert(key, value),
    delete: (key) => bare.delete(key),
    cull: (key, value) => bare.replaceOldest(key, value),
    [Symbol.dispose]: () => bare.close(),
  }
}
