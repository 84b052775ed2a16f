import type { Column, EncodedKey } from '../../codec/columns.ts'
import type { TagColumns } from '../../codec/tags/tag-columns.ts'
import { bytesSum, bytesSumInTurns } from '../../hashing/bytes-sum.ts'
import { hasWebAssembly } from '../../hashing/xxh64.ts'
import { EntrySums, isSameKeySum, isSameSum, type SummedColumns } from './entry-sums.ts'

/** Stands in the column for a write without a checksum. The next one has the number above, so that each is another. */
const NO_SUM = -2

/** What checksums need of a row. */
export interface SummedRow {
  /** The form of the value, a number of `Mode`. */
  readonly mode: bigint
  /** The name of the value's file, or `null` when the value is in the row. */
  readonly filename: string | null
  /** The first tag, or `null` for none. */
  readonly tag: Column
  /** The other tags, or `null` for none. */
  readonly moreTags: string | null
  /** When the entry was stored, in seconds since the epoch. */
  readonly storeTime: number
  /** The stored checksum, `null` when somebody else wrote the row. */
  readonly sum: number | null
}

/** What checksums need of a value that is to be stored. */
export interface SummedValue {
  /** The form of the value. */
  readonly mode: number
  /** The content of the column `value`, `null` when the value is in a file. */
  readonly inline: Column
  /** The checksum of the value's file, `null` for an inline value and where checksums are off. */
  readonly fileSum: number | null
  /** The name of the file, `null` for an inline value. */
  readonly filename: string | null
}

/** The checksums of one directory: whether they are written, and what is to be thought of a row that has none. */
export class RowSums {
  #sums: EntrySums | undefined
  #isOn = true

  /** Whether checksums are written and compared. */
  get isOn(): boolean {
    return this.#isOn
  }

  set isOn(isOn: boolean) {
    this.#isOn = isOn
  }

  /** Returns the content of the column `node_sum` for an entry that is stored at `storeTime`, in seconds. */
  of(key: EncodedKey, value: SummedValue, { tag, moreTags }: TagColumns, storeTime: number): number {
    if (!this.#isOn) return NO_SUM
    const columns = { mode: value.mode, tag, moreTags, storeTime }
    if (value.filename === null) return this.#entrySums.ofInline(key, value.inline, columns)
    return value.fileSum === null ? NO_SUM : this.#entrySums.ofFile(key, value.fileSum, columns)
  }

  /** Returns the part of the key, which changes alone when an entry gets another key. */
  ofKey(key: EncodedKey): number {
    return this.#isOn ? this.#entrySums.ofKey(key) : 0
  }

  /**
   * Returns 32 bits that stand for a key, never 0, whether or not checksums are on; `undefined` where this process
   * cannot compute them.
   */
  fingerprintOf(key: EncodedKey): number | undefined {
    return hasWebAssembly() ? this.#entrySums.fingerprintOf(key) : undefined
  }

  /** Returns the checksum of the bytes of a file, or `null` where checksums are off. */
  ofFile(bytes: Uint8Array): number | null {
    return this.#isOn ? bytesSum(bytes) : null
  }

  /** Resolves to the checksum of the bytes of a file, without holding the event loop. */
  async ofFileInTurns(bytes: Uint8Array): Promise<number | null> {
    return this.#isOn ? bytesSumInTurns(bytes) : null
  }

  /** Returns whether there is a checksum beside the row that can be compared. */
  has({ sum }: Pick<SummedRow, 'sum'>): boolean {
    return this.#isOn && sum !== null && !(sum < 0)
  }

  /** Returns whether the row and the data of its value are what was stored under this key. */
  matches(row: SummedRow, key: EncodedKey, data: Column): boolean {
    if (row.filename !== null) return this.matchesFile(row, key, bytesSum(data as Buffer))
    return isSame(row, this.#entrySums.ofInline(key, data, columnsOf(row)))
  }

  /** Returns whether the row, and the file with this checksum, are what was stored under this key. */
  matchesFile(row: SummedRow, key: EncodedKey, fileSum: number): boolean {
    return isSame(row, this.#entrySums.ofFile(key, fileSum, columnsOf(row)))
  }

  /** Returns whether the row was stored under this key. */
  matchesKey({ sum }: Pick<SummedRow, 'sum'>, key: EncodedKey): boolean {
    return typeof sum === 'number' && isSameKeySum(sum, this.#entrySums.ofKey(key))
  }

  get #entrySums(): EntrySums {
    this.#sums ??= new EntrySums()
    return this.#sums
  }
}

function columnsOf({ mode, tag, moreTags, storeTime }: SummedRow): SummedColumns {
  return { mode: Number(mode), tag, moreTags, storeTime }
}

/** A damaged row may have anything in its columns. */
function isSame({ sum, storeTime }: SummedRow, actual: number): boolean {
  return typeof sum === 'number' && typeof storeTime === 'number' && isSameSum(sum, actual)
}
