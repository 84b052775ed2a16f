import { isDeepStrictEqual } from 'node:util'
import type { Key } from '../contract/entry.ts'
import { pause } from '../waiting/pause.ts'
import { TimeLimit } from '../waiting/time-limit.ts'
import type { RecipeStore } from './recipe-store.ts'

/** The average interval between two looks at the row, where the engine cannot tell of changes, in milliseconds. */
const POLL_MS = 20

/** The shortest interval between two looks at the row, however much else changes in the store, in milliseconds. */
const MIN_POLL_MS = 2

const LAPSED = Symbol('lapsed')

/** The ends of a wait for a change. */
export interface RowChangeOptions {
  /** The milliseconds after which the wait ends in any case. */
  readonly atMost: number
  readonly signal: AbortSignal
}

/**
 * Resolves when the value of the row is no longer `seen`, or after `atMost` milliseconds; rejects with the signal's
 * reason.
 */
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

/** Returns whether the row is as it was; when it is, only after something in the store may have changed. */
async function isSame(store: RecipeStore, key: Key, seen: unknown, signal: AbortSignal): Promise<boolean> {
  // The wait begins before the look, or a change between the two would be missed.
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
