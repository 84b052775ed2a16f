import type { EncodedValue } from '@diskcache/core'
import type { StoredValue } from '@diskcache/core/sqlite'

/** An encoded value, and whether it is to be a file; `undefined` when it is larger than the size limit. */
export type PlannedValue = (EncodedValue & { readonly isFile: boolean }) | undefined

/** A value that is ready to become a row; when it does not, its file must go. */
export interface PreparedValue extends StoredValue {
  isKept: boolean
}
