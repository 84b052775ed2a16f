import { CacheDirectory } from '@diskcache/core/sqlite'
import { CacheContext } from '../context/cache-context.ts'
import type { ResolvedCacheOptions } from '../context/cache-options.ts'
import { sqliteEngine } from '../context/engine.ts'
import { AsyncValueReader } from '../entries/async-value-reader.ts'
import { EntryWriter } from '../entries/entry-writer.ts'
import { MemoryReader } from '../entries/memory-reader.ts'
import { ValueReader } from '../entries/value-reader.ts'
import { ConsistencyCheck } from '../upkeep/consistency-check.ts'
import { Eviction } from '../upkeep/eviction.ts'
import { FullDisk } from '../upkeep/full-disk.ts'
import { Bulk } from './bulk.ts'
import { Counter } from './counter.ts'
import { Items } from './items.ts'
import { Iteration } from './iteration.ts'
import { Queue } from './queue.ts'
import { Streams } from './streams.ts'

/** What the two faces of a cache have in common: one open directory, and all that can be done in it. */
export class CacheParts {
  readonly context: CacheContext
  readonly reader: ValueReader
  readonly asyncReader: AsyncValueReader
  /** Reads from memory, if entries are kept there. */
  readonly memory: MemoryReader | undefined
  readonly eviction: Eviction
  readonly writer: EntryWriter
  readonly items: Items
  readonly bulk: Bulk
  readonly counter: Counter
  readonly queue: Queue
  readonly iteration: Iteration
  readonly streams: Streams
  readonly check: ConsistencyCheck

  constructor(directory: string | undefined, { clock, memory, ttl, ...open }: ResolvedCacheOptions) {
    const opened = new CacheDirectory(directory, { ...open, engine: sqliteEngine() })
    this.context = new CacheContext(opened, clock, { memory, ttl })
    const kept = this.context.memory
    this.reader = new ValueReader(this.context.directory, kept?.tier.largestBytes)
    this.memory = kept && new MemoryReader(this.context, kept, this.reader)
    this.asyncReader = new AsyncValueReader(this.context.directory, this.reader)
    this.eviction = new Eviction(this.context, clock)
    this.writer = new EntryWriter(this.context, this.eviction, new FullDisk(this.context, this.eviction))
    this.items = new Items(this.context, this.reader, this.writer, this.memory)
    this.bulk = new Bulk(this.context, this.reader, this.writer, this.items)
    this.counter = new Counter(this.context, this.reader, this.writer)
    this.queue = new Queue(this.context, this.reader, this.writer)
    this.iteration = new Iteration(this.context, this.reader)
    this.streams = new Streams(this.context, this.reader, this.writer)
    this.check = new ConsistencyCheck(this.context.directory, this.eviction.sweep)
  }
}
