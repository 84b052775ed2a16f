import { QUEUE_KEYS } from '../codec/queue-keys.ts'
import type { ListedEntry, SurveyGroup } from '../contract/hooks/store-listing.ts'

const LONGEST_NAMESPACE = 64
const ITEM = /^(.*)-\d{15}$/s

/** Returns the group of one entry, as the database of a cache counts it. `now` is in epoch milliseconds. */
export function groupOf(
  { key, tags, kind, bytes, storeTime, expireTime }: ListedEntry,
  now: number,
): SurveyGroup {
  const minutes = expireTime === null ? null : Math.floor((expireTime - now) / 60_000)
  return {
    ...{ tags, kind, entries: 1, bytes },
    namespace: typeof key === 'string' ? namespaceOf(key) : undefined,
    queue: queueOf(key),
    sizeClass: bytes === 0 ? -1 : Math.floor(Math.log2(bytes)),
    ageHours:
      storeTime === undefined ? 0 : inSteps(Math.max(0, Math.floor((now - storeTime) / 3_600_000)), [24]),
    expiresInMinutes: minutes === null ? null : minutes < 0 ? -1 : inSteps(minutes, [60, 1_440]),
  }
}

/** Returns what stands before the first colon of a key, or `undefined`. */
export function namespaceOf(key: string): string | undefined {
  const length = key.slice(0, LONGEST_NAMESPACE + 1).indexOf(':')
  return length > 0 && length <= LONGEST_NAMESPACE ? key.slice(0, length) : undefined
}

function queueOf(key: unknown): string | undefined {
  if (typeof key === 'number') return key >= QUEUE_KEYS.min && key <= QUEUE_KEYS.max ? '' : undefined
  return typeof key === 'string' ? ITEM.exec(key)?.[1] : undefined
}

/** Rounds down to whole steps: to the largest that is not above the amount. */
function inSteps(amount: number, steps: readonly number[]): number {
  const step = steps.findLast((step) => amount >= step) ?? 1
  return amount - (amount % step)
}
