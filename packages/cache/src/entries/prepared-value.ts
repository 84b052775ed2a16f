import type { Column, EncodedKey, EncodedValue, TagColumns, WriteOptions } from '@diskcache/core'
import type { StoredValue } from '@diskcache/core/sqlite'

/** A planned value: encoded, and to be a file or not; `undefined` when it is larger than the size limit. */
export type PlannedValue =
  | (EncodedValue & {
      readonly isFile: boolean
      /** What stands in the row beside the file, if anything does. */
      readonly beside?: Buffer | null
    })
  | undefined

/** A prepared value: ready to be put into a row, its file written. */
export interface PreparedValue extends StoredValue {
  /** Whether a row has it. Otherwise its file must be removed. */
  isKept: boolean
}

/** An entry that is to be set, its value prepared; `undefined` for one that is larger than the size limit. */
export interface PreparedSet {
  readonly key: EncodedKey
  readonly prepared: PreparedValue | undefined
  readonly options: WriteOptions | undefined
}

/** What a value in a file counts for beside others, since the file before it may have to be removed. */
export const FILE_WEIGHT = 10

/** Returns about the length of encoded data in bytes, without looking at it: the units of a string. */
export function aboutLength(data: Column): number {
  return Buffer.isBuffer(data) || typeof data === 'string' ? data.length : 8
}

/**
 * Returns about the bytes that an entry takes whose value has `bytes`. A key stands in its row, and in the index of all
 * keys; tags stand in the row.
 */
export function entryLength({ key }: EncodedKey, bytes: number, tags?: TagColumns): number {
  const ofTags = tags === undefined ? 0 : aboutLength(tags.tag) + aboutLength(tags.moreTags)
  return bytes + 2 * aboutLength(key) + ofTags
}
