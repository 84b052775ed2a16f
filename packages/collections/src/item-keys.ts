import type { Cache } from '@diskcache/cache'
import { DiskCacheError, QUEUE_KEYS, quote } from '@diskcache/core'

/** The members of a cache that give access to the items of a deque by their keys. */
type Items = Pick<
  Cache<number, unknown>,
  'directory' | 'size' | 'keyAt' | 'keys' | 'rename' | 'getEntry' | 'delete' | 'transact'
>

/**
 * Throws `ERR_DISKCACHE_FORMAT` when a cache holds something else than items of a queue. It looks at the first and
 * the last key, between which all others lie.
 */
export function checkItemKeys(cache: Items): void {
  for (const key of [cache.keyAt(0), cache.keyAt(-1)] as unknown[]) {
    if (key === undefined || isItemKey(key)) continue
    const message = `Cannot make a Deque of ${cache.directory}: it has the key ${quote(key)}, which is no item's`
    throw new DiskCacheError('ERR_DISKCACHE_FORMAT', message)
  }
}

/**
 * Moves items from one end to the other, inside a transaction: from the back to the front, or to the back when
 * `steps` is negative.
 */
export function rotateKeys(cache: Items, steps: number): void {
  const step = steps > 0 ? -1 : 1
  const moving = [...cache.keys({ order: 'sorted', reverse: steps > 0 }).take(Math.abs(steps))]
  let key = cache.keyAt(steps > 0 ? 0 : -1) as number
  for (const from of moving) {
    key += step
    cache.rename(from, checkRange(key))
  }
}

/**
 * Returns a key that sorts just before the item at `position`, and makes it free, inside a transaction, by moving
 * items outwards on the side with fewer of them, up to the next gap.
 */
export function makeRoom(cache: Items, position: number): number {
  const after = cache.size - position
  const step = position < after ? -1 : 1
  const count = Math.min(position, after) + 1
  const outwards =
    step < 0
      ? [...cache.keys({ order: 'sorted' }).take(count)].reverse()
      : [...cache.keys({ order: 'sorted', reverse: true }).take(count)].reverse()
  const [anchor = QUEUE_KEYS.first, ...neighbours] = outwards
  const room = checkRange(anchor + step)
  const gap = neighbours.findIndex((key, i) => key !== room + step * i)
  const run = gap === -1 ? neighbours : neighbours.slice(0, gap)
  for (const key of run.reverse()) cache.rename(key, checkRange(key + step))
  return room
}

/** Reverses the order of all items, inside a transaction, by moving them where there is more room. */
export function reverseKeys(cache: Items): void {
  const keys = [...cache.keys({ order: 'sorted' })]
  const [first, last] = [keys[0], keys.at(-1)]
  if (first === undefined || last === undefined) return
  const step = first > QUEUE_KEYS.first ? -1 : 1
  const ordered = step > 0 ? keys.reverse() : keys
  let key = step > 0 ? last : first
  for (const from of ordered) {
    key += step
    cache.rename(from, checkRange(key))
  }
}

/** Removes an item, unless another one has its key by now, and returns whether it did. */
export function removeIf(cache: Items, key: number, isWanted: (value: unknown) => boolean): boolean {
  return cache.transact(() => {
    const entry = cache.getEntry(key)
    return entry !== undefined && isWanted(entry.value) && cache.delete(key)
  })
}

function isItemKey(key: unknown): boolean {
  return typeof key === 'number' && key >= QUEUE_KEYS.min && key <= QUEUE_KEYS.max
}

function checkRange(key: number): number {
  if (isItemKey(key)) return key
  throw new RangeError('Cannot move the items: the keys of this deque have come to their end; copy it')
}
