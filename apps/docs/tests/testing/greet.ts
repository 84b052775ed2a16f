import type { AsyncStore } from '@diskcache/core'

/** The program: each visitor is greeted once a minute. */
export async function greet(store: AsyncStore, visitor: string): Promise<string> {
  const isNew = await store.add(['greeted', visitor], true, { ttl: 60_000 })
  return isNew ? `Hello, ${visitor}` : ''
}
