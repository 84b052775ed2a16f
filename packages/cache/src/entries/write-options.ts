import {
  checkOptions,
  checkPin,
  checkTtl,
  columnsToTags,
  drawTtl,
  type Entry,
  NO_TAGS,
  type TagColumns,
  type Ttl,
  tagsToColumns,
  WRITE_OPTION_NAMES,
  type WriteOptions,
  withDefaultTtl,
} from '@diskcache/core'
import type { EntryRow, RowOptions } from '@diskcache/core/sqlite'

const PLAIN: RowOptions = Object.freeze({ expireTime: null, ...NO_TAGS, pin: false })

/**
 * Returns write options with the default time to live where they give none; throws `TypeError` or `RangeError` for what
 * cannot be used.
 */
export function checkWriteOptions(
  options: WriteOptions | undefined,
  ttl: Ttl | undefined,
): WriteOptions | undefined {
  if (options !== undefined) {
    checkOptions('the write options', options, WRITE_OPTION_NAMES)
    rowOptions(options, 0)
  }
  return withDefaultTtl(options, ttl)
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
 * Returns the moment at which an entry expires, in seconds, `null` for never. `ttl` is in milliseconds, drawn here where
 * it is a range, `now` in seconds.
 */
export function expireTimeAfter(ttl: Ttl | undefined, now: number): number | null {
  if (ttl === undefined) return null
  const time = drawTtl(checkTtl(ttl))
  return time === Infinity ? null : now + time / 1e3
}

export function isExpired(expireTime: number | null, now: number): boolean {
  return expireTime !== null && expireTime <= now
}

/** Returns the entry that a row and its decoded value make, without metadata. */
export function entryOf<V>(row: TagColumns & Pick<EntryRow, 'expireTime'>, value: V): Entry<V> {
  return { value, ...besideValue(row) }
}

/** Returns what users see of a row beside its value. */
export function besideValue(
  row: TagColumns & Pick<EntryRow, 'expireTime'>,
): Pick<Entry<unknown>, 'expireTime' | 'tags'> {
  return {
    expireTime: row.expireTime === null ? null : Math.round(row.expireTime * 1e3),
    tags: columnsToTags(row),
  }
}
