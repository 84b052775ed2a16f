import type { Key } from '../entry.ts'

/** The name under which a store has its {@link StoreFiles}, the same in all copies of this package. */
export const STORE_FILES: unique symbol = Symbol.for('diskcache.storeFiles')

/** What a store in files tells recipes of them: a lock that stands in a file is none when others see another file. */
export interface StoreFiles {
  /** Looks whether the files that hold a key are still those that were opened, and goes on with what is there. */
  look(key: Key): void
  /**
   * Calls `listener` within a second after the files that hold a key were removed, replaced or reset, by whichever
   * process; returns the function that ends that.
   */
  onReplaced(key: Key, listener: () => void): () => void
}
