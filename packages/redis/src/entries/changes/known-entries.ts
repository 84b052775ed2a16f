import { Mode } from '@diskcache/core'
import { isReference, type StoredEntry } from '../../bytes/entry-bytes.ts'

/** How many entries are known at most, and how long their values may be: what rows of recipes need. */
const MOST = 500
const LONGEST = 2_048

/** An entry as this process left it. */
export interface KnownEntry {
  /** `undefined`: there was none. */
  readonly stored: StoredEntry | undefined
  /** Epoch milliseconds, `null`: never. */
  readonly expireTime: number | null
  /** Whether nobody else had changed it the last time. */
  readonly isTrusted: boolean
}

/**
 * What updates of this process left behind, so that the next update of the same key need not look first: most often
 * nobody else has changed the entry, and if somebody has, its version tells.
 */
export class KnownEntries {
  readonly #entries = new Map<string, KnownEntry>()

  /** Gives what is known about a key, for one use. */
  take(key: string): KnownEntry | undefined {
    const known = this.#entries.get(key)
    this.#entries.delete(key)
    return known
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  /** The entries that were noted last stay. */
  note(key: string, known: KnownEntry): void {
    if (known.stored !== undefined && !isSmall(known.stored)) return
    this.#entries.delete(key)
    this.#entries.set(key, known)
    if (this.#entries.size > MOST) this.#entries.delete(this.#entries.keys().next().value as string)
  }
}

/** Not bytes that the caller has, too, and may change. */
function isSmall({ mode, data }: StoredEntry): boolean {
  if (isReference(data)) return false
  if (typeof data === 'string') return data.length <= LONGEST
  return !Buffer.isBuffer(data) || (mode === Mode.msgpack && data.length <= LONGEST)
}
