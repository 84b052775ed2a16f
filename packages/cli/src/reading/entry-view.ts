import type { ValueKind } from '@diskcache/core'

/** An entry without its value, as JSON: what `keys --json` prints and the page gets. */
export interface EntryView {
  /** The key as text that can be turned back into it, and that no two keys share; see `keyText` of core. */
  readonly id: string
  /** The key as it is shown to people: a string as it is, anything else as JavaScript writes it. */
  readonly key: string
  /** The type of the key. */
  readonly keyType: 'string' | 'number' | 'bytes' | 'structured' | 'pickle' | 'damaged'
  /** What stands before the first colon of a key that is a string. */
  readonly namespace?: string
  readonly kind: ValueKind
  readonly bytes: number
  readonly isInFile: boolean
  /** Times are epoch milliseconds; what the store does not know is `null`. */
  readonly storeTime: number | null
  readonly accessTime: number | null
  readonly expireTime: number | null
  readonly isExpired: boolean
  readonly hits: number | null
  /** The labels, as they are shown and as text that can be turned back into them. */
  readonly tags: readonly { readonly id: string; readonly text: string }[]
  readonly pin: boolean | 'share' | null
  readonly isDamaged: boolean
}
