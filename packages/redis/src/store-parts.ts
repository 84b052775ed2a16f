import { UsageGuard } from '@diskcache/core'
import { Background } from './background.ts'
import { Bulk } from './bulk.ts'
import { ChangeWatch } from './change-watch.ts'
import { Chunks } from './chunks.ts'
import { Commands } from './commands.ts'
import { ConsistencyCheck } from './consistency-check.ts'
import { Counter } from './counter.ts'
import { DeadlineWatch } from './deadline.ts'
import { EntryKeys } from './entry-key.ts'
import { EntryReader } from './entry-reader.ts'
import { EntryTaker } from './entry-taker.ts'
import { EntryWriter } from './entry-writer.ts'
import { Iteration } from './iteration.ts'
import { KeyScan } from './key-scan.ts'
import { Operations } from './operations.ts'
import { Orphans } from './orphans.ts'
import type { OpenOptions } from './redis-store-options.ts'
import { Removal } from './removal.ts'
import { Statistics } from './statistics.ts'
import { Streams } from './streams.ts'
import { Update } from './update.ts'
import { ValuePlanner } from './value-planner.ts'
import { Volume } from './volume.ts'

export type StoreParts = ReturnType<typeof openParts>

/** What a `RedisStore` is made of. */
export function openParts({ connection, prefix, disk, timeout, maxValueSize, clock }: OpenOptions) {
  const keys = new EntryKeys(prefix, disk)
  const usage = new UsageGuard()
  const deadlines = new DeadlineWatch(timeout)
  const background = new Background(deadlines, prefix)
  const answers = { time: -Infinity }
  const operations = new Operations(deadlines, answers)
  const commands = new Commands(connection, answers)
  const chunks = new Chunks(commands, background, deadlines)
  const reader = new EntryReader(commands, chunks, disk)
  const planner = new ValuePlanner(disk, maxValueSize)
  const orphans = new Orphans({ commands, chunks, background, pattern: keys.chunkPattern() })
  const writer = new EntryWriter(commands, chunks, orphans)
  const update = new Update({ reader, writer, planner, usage, clock })
  const watch = new ChangeWatch({ connection, commands, background, common: keys.other('changes') })
  const scan = new KeyScan(commands, operations)
  const bulk = new Bulk(commands, reader, writer)
  return {
    prefix,
    planner,
    keys,
    usage,
    background,
    operations,
    connection,
    reader,
    writer,
    update,
    watch,
    bulk,
    taker: new EntryTaker(commands, reader, writer),
    counter: new Counter({ commands, writer, update, planner, disk }),
    streams: new Streams({ commands, chunks, reader, operations, disk }),
    iteration: new Iteration(keys, scan, bulk, operations),
    removal: new Removal(scan, bulk, operations),
    volume: new Volume(keys, scan, bulk, commands, operations),
    check: new ConsistencyCheck({ commands, chunks, writer, orphans, scan, keys, operations }),
    statistics: new Statistics(commands, background, keys.other('stats')),
  }
}
