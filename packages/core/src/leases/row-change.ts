import { isDeepStrictEqual } from 'node:util'
import type { Key } from '../contract/entry.ts'
import { pause } from '../waiting/pause.ts'
import { TimeLimit } from '../waiting/time-limit.ts'
import type { RecipeStore } from './recipe-store.ts'

/** How often it is looked, on average, where the engine cannot tell of changes; in milliseconds. */
const POLL_MS = 20

/** However much else changes in the store, it is looked no more often than this, in milliseconds. */
const MIN_POLL_MS = 2

const LAPSED = Symbol('lapsed')

export interface RowChangeOptions {
  /** Milliseconds after which it resolves in any case. */
  readonly atMost: number
  readonly signal: AbortSignal
}

/** Resolves when the row's value is no longer `seen`; rejects with the signal's reason. */
export async function rowChange(
  store: RecipeStore,
  key: Key,
  seen: unknown,
  { atMost, signal }: RowChangeOptions,
): Promise<void> {
  using limit = new TimeLimit({ timeout: atMost, signal }, () => LAPSED)
  try {
    for (;;) {
      const start = performance.now()
      if (!(await isSame(store, key, seen, limit.signal))) return
      const rest = start + MIN_POLL_MS - performance.now()
      if (rest > 0) await pause(Math.ceil(rest), limit.signal)
    }
  } catch (error) {
    if (limit.signal.reason !== LAPSED) throw error
  }
}

/** Looks, and when nothing has changed, waits until something in the store may have. */
async function isSame(store: RecipeStore, key: Key, seen: unknown, signal: AbortSignal): Promise<boolean> {
  // Begun before the look, or a change between the two would be missed.
  const change = nextChange(store, key, signal)
  change.catch(() => {})
  if (!isDeepStrictEqual(await store.get(key, { signal }), seen)) return false
  await change
  return true
}

function nextChange(store: RecipeStore, key: Key, signal: AbortSignal): Promise<void> {
  if (store.capabilities.watch && store.waitFor !== undefined) return store.waitFor([key], { signal })
  return pause(POLL_MS * (0.5 + Math.random()), signal)
}
