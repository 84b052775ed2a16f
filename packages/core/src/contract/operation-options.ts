import type { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { Entry, Tag, WriteOptions } from './entry.ts'

/** The options of `keys`, `values` and `entries`. */
export interface IterateOptions {
  /**
   * The order: by first insertion (the default), or by key, numbers before strings before bytes and everything else. One
   * that the store's `capabilities.orders` does not have is a `RangeError`.
   */
  order?: 'insertion' | 'sorted' | undefined
  /** Whether to go backwards; `false` unless given. */
  reverse?: boolean | undefined
  /** Passes over all keys that are not strings with this beginning. */
  prefix?: string | undefined
  /** Passes over all entries that do not have this label. Without the setting `tagIndex` every entry is looked at. */
  tag?: Tag | undefined
  /** Whether to pass over all entries that have a label; `false` unless given. Not together with `tag`. */
  untagged?: boolean | undefined
  /**
   * What to do with entries that Python pickled. With `'throw'` (the default) a value is an `ERR_DISKCACHE_FOREIGN_VALUE`,
   * and a key appears as a `ForeignKey`; `'skip'` passes over both.
   */
  foreign?: 'throw' | 'skip' | undefined
}

/** The options of `push`, `pull` and `peek`. */
export interface QueueOptions {
  /** The name of the queue. Without one, the items have integer keys. */
  prefix?: string | undefined
  /** The end of the queue: `'back'` unless given for `push`, `'front'` for `pull` and `peek`. */
  side?: 'back' | 'front' | undefined
}

/** The options of `get` and `getEntry`. */
export interface GetOptions {
  /**
   * Whether to read what is stored now, in a store that answers from memory otherwise; `false` unless given. Without
   * memory every read does.
   */
  fresh?: boolean | undefined
  /**
   * Whether to answer from memory alone, with what it has, however old: `undefined` when it has nothing; `false` unless
   * given. Nothing is asked of the server, or read from the directory, so that it is of use when these are away or busy.
   * What has expired is not answered, nor what this object itself has removed or written something else for. `getEntry`
   * answers when memory has the whole entry. Not together with `fresh`; a store without memory has nothing.
   */
  stale?: boolean | undefined
}

/** The options of `read`: which of the value's bytes to read, all of them unless given. */
export interface ReadOptions {
  /** The position of the first byte to read; 0, the first of all, unless given. */
  start?: number | undefined
  /**
   * The position of the byte before which to stop, `start` or more; the end of the value unless given, and where the
   * value ends before. The byte at `end` is not read, as with `Blob.slice` and `Buffer.subarray`; with
   * `fs.createReadStream` and in HTTP's `Range` it would be.
   */
  end?: number | undefined
}

/** The options of `write`. */
export interface StreamWriteOptions extends WriteOptions {
  /**
   * A small value that is kept beside the bytes, such as their type and their date: whatever the store keeps as a value,
   * at most 64 KiB as it is stored. `readEntry`, `getEntry` and the like give it, always that of the same write. Left out,
   * there is none, and whatever replaces the value removes it.
   */
  metadata?: unknown
}

/** A live entry whose value is read as a stream, as `readEntry` gives it. */
export interface StreamedEntry extends Omit<Entry<unknown>, 'value'> {
  /** The bytes that were asked for. Destroy a stream that you do not read to its end. */
  readonly stream: Readable
  /** The number of bytes that the whole value has, whichever of them were asked for. */
  readonly size: number
}

/** A source of bytes that `write` reads from. Strings are written as UTF-8. */
export type ByteSource = Readable | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>

/** What `stats` counts. */
export interface Stats {
  /** The number of reads, by all processes, that found a live entry while statistics were on. */
  hits: number
  /** The number of reads, by all processes, that found none while statistics were on. */
  misses: number
  /** The number of operations that this object gave up, in a store with `onBusy: 'drop'`; 0 in others. */
  dropped: number
  /** What was evicted; left out by a store that has counted nothing of that, and by one that does not evict by itself. */
  evictions?: Evictions | undefined
  /** How this object's memory tier did; left out by a store without one. */
  memory?: MemoryStats | undefined
}

/** What a memory tier counts, of the reads of one object. */
export interface MemoryStats {
  /** The number of reads that were answered from memory alone. */
  hits: number
  /** The number of reads that the store had to be asked for, and that found the entry in memory to be true still. */
  verified: number
  /** The number of reads that found nothing in memory, or something that was true no longer. */
  misses: number
  /** The number of entries in memory. */
  entries: number
  /** About the bytes that these take. */
  bytes: number
}

/**
 * What all processes have evicted to make room while statistics were on: not what expired, or was removed by its tag. How
 * long entries stay says whether the limit is large enough, how many of them were never read whether they are worth
 * storing.
 */
export interface Evictions {
  /** The number of entries. */
  count: number
  /**
   * Their number by the time since they were stored: within the last second before they were evicted, within the last
   * minute, but not the last second, and so on; `older` than a week.
   */
  byAge: { second: number; minute: number; hour: number; day: number; week: number; older: number }
  /**
   * Their number by the hits since they were stored, as far as the policy counts these: `'least-recently-stored'` does
   * not. With `'s3-fifo'`, a write that replaces a value is a hit, and what had come back soon after it was evicted
   * counts for `more`.
   */
  byHits: { none: number; one: number; more: number }
}
