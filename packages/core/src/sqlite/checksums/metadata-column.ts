import { crc32 } from 'node:zlib'
import type { Column } from '../../codec/columns.ts'

const SUM_LENGTH = 4

/** What of a row says whether there are metadata beside its file. */
export interface MetadataRow {
  /** The name of the value's file, or `null` when the value is in the row. */
  readonly filename: string | null
  /** The content of the column `value`. */
  readonly value: Column
  /** The stored checksum, `null` when somebody else wrote the row, who knows of no metadata. */
  readonly sum: number | null
}

/**
 * Returns what stands in the column `value` of a row whose value is in a file: a checksum of its own, and the metadata.
 * The checksum of the entry does not cover that column, so that a version that knows of no metadata accepts the entry.
 */
export function metadataColumn(metadata: Buffer): Buffer {
  const column = Buffer.allocUnsafe(SUM_LENGTH + metadata.length)
  column.writeUInt32BE(crc32(metadata))
  column.set(metadata, SUM_LENGTH)
  return column
}

/** Returns the metadata beside the file of a row, or `undefined` when there are none. */
export function metadataIn(row: MetadataRow): Buffer | undefined {
  return hasMetadata(row) ? (row.value as Buffer).subarray(SUM_LENGTH) : undefined
}

/** Returns whether what stands beside the file of a row, if anything does, are the metadata that were stored. */
export function areMetadataIntact(row: MetadataRow): boolean {
  if (!hasMetadata(row)) return true
  const { value } = row
  if (!Buffer.isBuffer(value) || value.length <= SUM_LENGTH) return false
  return value.readUInt32BE() === crc32(value.subarray(SUM_LENGTH))
}

function hasMetadata({ filename, value, sum }: MetadataRow): boolean {
  return filename !== null && value !== null && sum !== null
}
