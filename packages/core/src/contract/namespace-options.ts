import type { Tags, Ttl } from './entry.ts'

/** The options of `namespace`. */
export interface NamespaceOptions {
  /**
   * The time to live, in milliseconds, or a range of it, of what is stored through this namespace without one of its own;
   * that of the store unless given.
   */
  ttl?: Ttl | undefined
  /** Labels that everything that is stored through this namespace has beside its own; none unless given. */
  tag?: Tags | undefined
}
