import { guarded } from '../breaker/guarded-store.ts'
import type { Key } from '../contract/entry.ts'
import type { RecipeStore } from '../stores/recipe-store.ts'
import { pause } from '../waiting/pause.ts'
import { TimeLimit } from '../waiting/time-limit.ts'

/** The average interval between two looks at the row, where the engine cannot tell of changes, in milliseconds. */
const POLL_MS = 20

/** The shortest interval between two looks at the row, however much else changes in the store, in milliseconds. */
const MIN_POLL_MS = 2

/** The longest interval, in milliseconds: a store that goes away tells of no change any more. */
const MAX_POLL_MS = 200

/** Returns for how many milliseconds a value gives reason to wait, unless it changes. */
export type TimeLeft = (value: unknown) => number

/** Resolves when the value of the row leaves no time to wait; rejects with the reason of the signal, if there is one. */
export async function rowWait(
  store: RecipeStore,
  key: Key,
  timeLeft: TimeLeft,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (;;) {
    const start = performance.now()
    if (!(await hasTimeLeft(store, key, timeLeft, signal))) return
    const rest = start + MIN_POLL_MS - performance.now()
    if (rest > 0) await pause(Math.ceil(rest), signal)
  }
}

/** Returns whether the row leaves time to wait; when it does, only after a change in the store, or a while. */
async function hasTimeLeft(
  store: RecipeStore,
  key: Key,
  timeLeft: TimeLeft,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  using scope = new TimeLimit({ signal }, () => undefined)
  // The wait begins before the look, or a change between the two would be missed.
  const change = nextChange(store, key, scope.signal)
  change.catch(() => {})
  const time = timeLeft(await guarded(store).get(key, { signal, fresh: true }))
  if (time <= 0) return false
  await Promise.race([change, pause(Math.min(Math.ceil(time), MAX_POLL_MS), scope.signal)])
  return true
}

function nextChange(store: RecipeStore, key: Key, signal: AbortSignal): Promise<void> {
  if (store.capabilities.watch && store.waitFor !== undefined) return store.waitFor([key], { signal })
  return pause(POLL_MS * (0.5 + Math.random()), signal)
}
