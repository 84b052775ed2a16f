import {
  checkOptions,
  checkPin,
  checkTtl,
  columnsToTags,
  type Entry,
  NO_TAGS,
  type TagColumns,
  tagsToColumns,
  WRITE_OPTION_NAMES,
  type WriteOptions,
} from '@diskcache/core'
import type { EntryRow, RowOptions } from '@diskcache/core/sqlite'

const PLAIN: RowOptions = Object.freeze({ expireTime: null, ...NO_TAGS, pin: false })

/** Throws `TypeError` or `RangeError` for write options that cannot be used. */
export function checkWriteOptions(options: WriteOptions | undefined): void {
  if (options === undefined) return
  checkOptions('the write options', options, WRITE_OPTION_NAMES)
  rowOptions(options, 0)
}

/**
 * Returns write options as columns. `now` is in seconds. An entry whose `expireTime` is `now` has expired from the
 * start.
 */
export function rowOptions(options: WriteOptions | undefined, now: number): RowOptions {
  if (options === undefined) return PLAIN
  const { ttl, tag, pin } = options
  const { tag: first, moreTags } = tag === undefined ? NO_TAGS : tagsToColumns(tag)
  return {
    expireTime: expireTimeAfter(ttl, now),
    tag: first,
    moreTags,
    pin: pin === undefined ? false : checkPin(pin),
  }
}

/**
 * Returns the moment at which an entry expires, in seconds, `null` for never. `ttl` is in milliseconds, `now` in
 * seconds.
 */
export function expireTimeAfter(ttl: number | undefined, now: number): number | null {
  if (ttl === undefined) return null
  return checkTtl(ttl) === Infinity ? null : now + ttl / 1e3
}

export function isExpired(expireTime: number | null, now: number): boolean {
  return expireTime !== null && expireTime <= now
}

/** Returns the entry that a row and its decoded value make. */
export function entryOf<V>(row: TagColumns & Pick<EntryRow, 'expireTime'>, value: V): Entry<V> {
  return {
    value,
    expireTime: row.expireTime === null ? null : Math.round(row.expireTime * 1e3),
    tags: columnsToTags(row),
  }
}
