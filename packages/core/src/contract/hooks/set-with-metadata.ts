import type { Key } from '../entry.ts'
import type { StreamWriteOptions } from '../operation-options.ts'

/**
 * The name of a method of stores that stores a value as `set` does, with metadata as `write` does: for an import, which
 * has bytes as their codec stores them. It is the same in all copies of this package.
 */
export const SET_WITH_METADATA: unique symbol = Symbol.for('diskcache.setWithMetadata')

/** Resolves to what `set` resolves to. */
export type SetWithMetadata = (key: Key, value: unknown, options: StreamWriteOptions) => Promise<boolean>
