import type { Tag } from './entry.ts'

/** The options of `namespace`. */
export interface NamespaceOptions {
  /**
   * The time to live, in milliseconds, of what is stored through this namespace without one of its own; unless given, such
   * entries never expire.
   */
  ttl?: number | undefined
  /**
   * Labels that everything that is stored through this namespace has beside its own; none unless given. Where the store's
   * `capabilities.tags` is `'one'`, an entry that has one of its own is a `RangeError`.
   */
  tag?: Tag | readonly Tag[] | undefined
}
