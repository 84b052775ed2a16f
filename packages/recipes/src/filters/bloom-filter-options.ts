import type { WriteOptions } from '@diskcache/core'

/** The options of `BloomFilter`. */
export interface BloomFilterOptions extends Pick<WriteOptions, 'tag'> {
  /** The name of the filter, which all filters of this name share in all processes. Not empty. */
  name: string
  /** How many values it is made for: at least 1. With more of them, it errs more often. */
  capacity: number
  /**
   * How often, when the filter has as many values as it is made for, a value that was never added is taken for one that
   * was: from 0.000001 to 0.5.
   */
  errorRate: number
  /**
   * When the filter ends as a whole and begins anew, in milliseconds after the first value; left out or `Infinity`, never.
   * That of the process which adds the first value counts.
   */
  ttl?: number | undefined
}
