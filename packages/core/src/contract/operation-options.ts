import type { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'

export interface IterateOptions {
  /** By first insertion (the default), or by key: numbers, then strings, then bytes and everything else. */
  order?: 'insertion' | 'sorted' | undefined
  reverse?: boolean | undefined
  /** Only string keys that start with this. */
  prefix?: string | undefined
  /** What to do with a key or value that Python pickled: throw `ERR_DISKCACHE_FOREIGN_VALUE` (the default) or pass over it. */
  foreign?: 'throw' | 'skip' | undefined
}

export interface QueueOptions {
  /** The queue's name; without one, the items have integer keys. */
  prefix?: string | undefined
  side?: 'back' | 'front' | undefined
}

/** What `write` reads from. Strings are written as UTF-8. */
export type ByteSource = Readable | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>

export interface Stats {
  hits: number
  misses: number
  /** Operations that a store with `onBusy: 'drop'` gave up. */
  dropped: number
}
