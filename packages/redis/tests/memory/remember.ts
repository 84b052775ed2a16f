import type { Key } from '@diskcache/core'
import type { RedisStore } from '../../src/index.ts'

/** So long that nothing becomes too old within a test: what is forgotten is so since Redis has told. */
export const NEVER = 2 ** 31

export const MEMORY = { maxBytes: 2 ** 20, staleness: NEVER }

export async function hitsOf(store: RedisStore): Promise<number> {
  return (await store.stats()).memory?.hits as number
}

/** Reads an entry until it comes from memory, and returns its value. */
export async function remember(store: RedisStore, key: Key): Promise<unknown> {
  for (;;) {
    const before = await hitsOf(store)
    const value = await store.get(key)
    if ((await hitsOf(store)) > before) return value
  }
}
