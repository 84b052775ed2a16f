import type { KEYS_PER_STATEMENT } from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import type { Eviction } from '../upkeep/eviction.ts'
import { aboutLength, entryLength, type PreparedSet, type PreparedValue } from './prepared-value.ts'

/** The number of entries from which on one statement for many is quicker. */
const FEWEST = 8

/** The number of batches that are left to single statements after one in which most entries were new. */
const PAUSE = 16

type PlainSet = PreparedSet & { readonly prepared: PreparedValue }

/**
 * Replaces plain entries, which have no options and their values in their rows, by one statement for many: most writes
 * are of that kind.
 */
export class PlainBatches {
  readonly #context: CacheContext
  readonly #eviction: Eviction
  #pause = 0

  constructor(context: CacheContext, eviction: Eviction) {
    this.#context = context
    this.#eviction = eviction
  }

  /**
   * Replaces entries, of at most {@link KEYS_PER_STATEMENT}, inside a transaction, and returns for each whether that is
   * done; nothing is done where one of them is not plain, or may cost another one its place.
   */
  replace(sets: readonly PreparedSet[], now: number): readonly boolean[] {
    if (sets.length < FEWEST || !sets.every(isPlain)) return []
    if (this.#pause > 0) {
      this.#pause--
      return []
    }
    const bytes = sets.reduce(
      (sum, { key, prepared }) => sum + entryLength(key, aboutLength(prepared.inline)),
      0,
    )
    if (!this.#eviction.hasRoomFor(bytes)) return []
    const done = this.#context.directory.entries.replacePlain(sets, now)
    for (const [i, set] of sets.entries()) if (done[i]) this.#note(set, now)
    const isVain = done.filter(Boolean).length * 2 < sets.length
    this.#pause = isVain ? PAUSE : 0
    return done
  }

  #note({ key, prepared: { inline } }: PlainSet, now: number): void {
    const bytes = aboutLength(inline)
    this.#context.noteWrite(key, 'set', bytes)
    this.#eviction.afterWrite(
      { key, bytes: entryLength(key, bytes), isFile: false, isNew: false, expireTime: null },
      now,
    )
  }
}

function isPlain(set: PreparedSet): set is PlainSet {
  return set.options === undefined && set.prepared?.filename === null
}
