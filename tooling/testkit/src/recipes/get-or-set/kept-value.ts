import type { AsyncStore } from '@diskcache/core'
import { vi } from 'vitest'
import type { Recipes } from '../recipes.ts'
import { until } from '../until.ts'

/** Where the value of the key 'k' is kept. */
export const RESULT_KEY = ['diskcache', 'getOrSet', 'k']

/** Where the lease of the run that computes it is kept. */
export const LEASE_KEY = ['diskcache', 'lease', 'k']

/** Keeps a value of 'k' that was computed in `delta` milliseconds. */
export async function keep(
  getOrSet: Recipes['getOrSet'],
  store: AsyncStore,
  value: unknown,
  options: object,
  delta = 0,
): Promise<void> {
  let time = performance.now()
  const now = vi.spyOn(performance, 'now').mockImplementation(() => time)
  const make = () => {
    time += delta
    return value
  }
  await getOrSet(store, 'k', make, { lease: 60_000, ...options })
  now.mockRestore()
}

/** Waits until a run in the background has kept this value, and given its lease back. */
export async function settled(store: AsyncStore, value: unknown): Promise<void> {
  await until(async () => ((await store.get(RESULT_KEY)) as { value: unknown } | undefined)?.value === value)
  await until(async () => (await store.get(LEASE_KEY)) === undefined)
}
