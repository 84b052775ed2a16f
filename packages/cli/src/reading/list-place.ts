import { DiskCacheError, keyFromText, keyText, type ListPlace } from '@diskcache/core'

/** Returns a place in an order as text, which {@link placeOfText} turns back into it. */
export function textOfPlace({ by, form, part, row }: ListPlace): string {
  const column = by === null ? '' : keyText({ key: by, form: (Buffer.isBuffer(by) ? form : 1) as 0 | 1 | 2 })
  return JSON.stringify([column, form, part, String(row)])
}

/**
 * Returns the place that a text of {@link textOfPlace} stands for.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT for any other
 */
export function placeOfText(text: string): ListPlace {
  try {
    const [column, form, part, row] = JSON.parse(text) as [string, number, number, string]
    const by = column === '' ? null : keyFromText(column).key
    const place = { by, form, part, row: BigInt(row) }
    const numbers = [typeof by === 'bigint' ? by : 0n, place.row]
    if ([form, part].every(Number.isSafeInteger) && numbers.every(isInt64)) return place
  } catch {
    // It was written by nobody here.
  }
  throw new DiskCacheError(
    'ERR_DISKCACHE_FORMAT',
    `Cannot go on after ${JSON.stringify(text)}: it is no place of a page`,
  )
}

/** Returns whether SQLite has such a number. */
function isInt64(number: bigint): boolean {
  return BigInt.asIntN(64, number) === number
}
