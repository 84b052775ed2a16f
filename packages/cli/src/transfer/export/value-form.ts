import { type Disk, hasCode, Mode } from '@diskcache/core'
import { MOST_BYTES_ON_A_LINE } from '../lines/part-line.ts'
import { isPlainJson } from '../lines/plain-json.ts'
import type { StoredValue } from '../lines/stored-value.ts'

/** A value as it is written on a line. */
export type WrittenValue = { readonly jsonText: string } | { readonly stored: StoredValue }

/**
 * Returns a value as JSON where that keeps it, otherwise as it is stored. Without the codec it stays as it is stored.
 *
 * @throws DiskCacheError ERR_DISKCACHE_CORRUPT for what its codec cannot have written
 */
export function writtenValue(stored: StoredValue, codec: Disk | undefined): WrittenValue {
  if (codec === undefined || stored.mode === Mode.stream) return { stored }
  try {
    const value = codec.decodeValue(stored.mode, stored.data)
    const jsonText = isPlainJson(value) ? JSON.stringify(value) : undefined
    // What was compressed may be long.
    if (jsonText !== undefined && jsonText.length <= MOST_BYTES_ON_A_LINE) return { jsonText }
  } catch (error) {
    // An instance of a class that is not known here.
    if (!hasCode(error, 'ERR_DISKCACHE_FORMAT')) throw error
  }
  return { stored }
}
