import type { AsyncStore } from '@diskcache/core'
import type { Hold, Recipes } from '../recipes.ts'

/** Acquires a lock as a process that dies at once, and returns its hold. */
export async function abandon(
  Lock: Recipes['Lock'],
  store: AsyncStore,
  key = 'k',
  lease = 100,
): Promise<Hold> {
  const hold = await new Lock(store, key, { lease }).acquire()
  await store.close()
  return hold
}
