import { CacheDirectory } from '@diskcache/core'
import { AsyncValueReader } from './async-value-reader.ts'
import { Bulk } from './bulk.ts'
import type { ResolvedCacheOptions } from './cache-options.ts'
import { ConsistencyCheck } from './consistency-check.ts'
import { Counter } from './counter.ts'
import { EntryWriter } from './entry-writer.ts'
import { Eviction } from './eviction.ts'
import { Items } from './items.ts'
import { Iteration } from './iteration.ts'
import { OpenCache } from './open-cache.ts'
import { Queue } from './queue.ts'
import { Streams } from './streams.ts'
import { ValueReader } from './value-reader.ts'

/** What the two faces of a cache have in common: one open directory, and all that can be done in it. */
export class CacheParts {
  readonly cache: OpenCache
  readonly reader: ValueReader
  readonly asyncReader: AsyncValueReader
  readonly eviction: Eviction
  readonly writer: EntryWriter
  readonly items: Items
  readonly bulk: Bulk
  readonly counter: Counter
  readonly queue: Queue
  readonly iteration: Iteration
  readonly streams: Streams
  readonly check: ConsistencyCheck

  constructor(directory: string | undefined, { clock, ...open }: ResolvedCacheOptions) {
    this.cache = new OpenCache(new CacheDirectory(directory, open), clock)
    this.reader = new ValueReader(this.cache.directory)
    this.asyncReader = new AsyncValueReader(this.cache.directory, this.reader)
    this.eviction = new Eviction(this.cache, clock)
    this.writer = new EntryWriter(this.cache, this.eviction)
    this.items = new Items(this.cache, this.reader, this.writer)
    this.bulk = new Bulk(this.cache, this.reader, this.writer, this.items)
    this.counter = new Counter(this.cache, this.reader, this.writer)
    this.queue = new Queue(this.cache, this.reader, this.writer)
    this.iteration = new Iteration(this.cache, this.reader)
    this.streams = new Streams(this.cache, this.reader, this.writer)
    this.check = new ConsistencyCheck(this.cache.directory, this.eviction.sweep)
  }
}
