import type { EncodedValue } from '@diskcache/core'
import type { StoredValue } from '@diskcache/core/sqlite'

/** A planned value: encoded, and to be a file or not; `undefined` when it is larger than the size limit. */
export type PlannedValue = (EncodedValue & { readonly isFile: boolean }) | undefined

/** A prepared value: ready to be put into a row, its file written. */
export interface PreparedValue extends StoredValue {
  /** Whether a row has it. Otherwise its file must be removed. */
  isKept: boolean
}

/** What a value in a file counts for beside others, since the file before it may have to be removed. */
export const FILE_WEIGHT = 10
