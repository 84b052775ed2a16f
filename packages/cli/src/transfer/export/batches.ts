import type { ListedEntry } from '@diskcache/core'
import { MOST_BYTES_ON_A_LINE } from '../lines/part-line.ts'

/** About the most bytes of values that are read in one step. */
const BATCH_BYTES = 2 ** 22

/** Returns whether a value goes in parts. */
export function isLarge({ bytes }: ListedEntry): boolean {
  return bytes > MOST_BYTES_ON_A_LINE
}

/** Gives entries that are read in one step, in their order; a large one is alone. */
export function* batches(entries: readonly ListedEntry[]): Generator<ListedEntry[], void, void> {
  let batch: ListedEntry[] = []
  let bytes = 0
  for (const entry of entries) {
    if (batch.length > 0 && (isLarge(entry) || bytes + entry.bytes > BATCH_BYTES)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(entry)
    // Nothing comes beside a large one, not even what has no bytes.
    bytes += isLarge(entry) ? Infinity : entry.bytes
  }
  if (batch.length > 0) yield batch
}
