import { UsageGuard } from '@diskcache/core'
import { EntryKeys } from './bytes/entry-key.ts'
import { Bulk } from './entries/bulk.ts'
import { Counter } from './entries/changes/counter.ts'
import { Update, type UpdateParts } from './entries/changes/update.ts'
import { Chunks } from './entries/chunks/chunks.ts'
import { Orphans } from './entries/chunks/orphans.ts'
import { Retired } from './entries/chunks/retired.ts'
import { EntryReader } from './entries/entry-reader.ts'
import { EntryTaker } from './entries/entry-taker.ts'
import { EntryWriter } from './entries/entry-writer.ts'
import { NearMemory, type NearMemoryParts } from './entries/memory/near-memory.ts'
import { NearReader } from './entries/memory/near-reader.ts'
import { Operations } from './entries/order/operations.ts'
import { ShortEntries } from './entries/short-entries.ts'
import { Streams } from './entries/streams.ts'
import { ValuePlanner } from './entries/value-planner.ts'
import { ChangeWatch } from './keyspace/change-watch.ts'
import { type CheckParts, ConsistencyCheck } from './keyspace/consistency-check.ts'
import { Iteration } from './keyspace/iteration.ts'
import { KeyScan } from './keyspace/key-scan.ts'
import { Removal } from './keyspace/removal.ts'
import { Statistics } from './keyspace/statistics.ts'
import { Volume } from './keyspace/volume.ts'
import type { OpenOptions } from './redis-store-options.ts'
import { Background } from './server/background.ts'
import { Commands } from './server/commands.ts'
import { DeadlineWatch } from './server/deadline.ts'

export type StoreParts = ReturnType<typeof openParts>

/** What a `RedisStore` is made of. */
export function openParts(options: OpenOptions) {
  const { connection, prefix, ttl, disk, timeout, maxValueSize, clock } = options
  const keys = new EntryKeys(prefix, disk)
  const [usage, deadlines] = [new UsageGuard(), new DeadlineWatch(timeout)]
  const background = new Background(deadlines, prefix)
  const answers = { time: -Infinity }
  const operations = new Operations(deadlines, answers)
  const memory = openMemory(options, { connection, operations, background })
  const commands = new Commands(connection, answers, memory)
  const { retired, chunks } = largeValues(commands, background, deadlines)
  const reader = new EntryReader(commands, chunks, disk, keys)
  const planner = new ValuePlanner(disk, maxValueSize)
  const orphans = new Orphans({ commands, background, pattern: keys.chunkPattern() })
  const [largeName, listenersName] = [keys.other('large'), keys.other('listeners')]
  const shorts = new ShortEntries({ commands, retired, largeName, listenersName })
  const writer = new EntryWriter({ commands, chunks, retired, orphans, shorts, largeName })
  const watch = new ChangeWatch(connection, listenersName)
  const bulk = new Bulk({ commands, reader, writer, retired, shorts })
  return {
    ...{ prefix, ttl, disk },
    hasClock: clock !== undefined,
    planner,
    keys,
    usage,
    background,
    operations,
    connection,
    reader,
    memory,
    near: memory && new NearReader({ commands, reader, memory }),
    writer,
    watch,
    bulk,
    taker: new EntryTaker(commands, reader, writer),
    ...changing({ commands, reader, writer, planner, usage, clock, disk, ttl }),
    streams: new Streams({ commands, chunks, reader, operations, disk }),
    ...walking({ commands, chunks, writer, orphans, keys, operations }, bulk),
    statistics: new Statistics(commands, background, keys.other('stats')),
  }
}

/** `undefined` for a store that keeps nothing in memory. */
function openMemory({ memory, tracking }: OpenOptions, parts: NearMemoryParts): NearMemory | undefined {
  if (memory === undefined || tracking === undefined) return undefined
  const near = new NearMemory(memory, parts)
  tracking.listener = near
  return near
}

/** What changes one entry by what is there. */
function changing(parts: UpdateParts) {
  const { commands, writer, planner, disk, ttl } = parts
  const update = new Update(parts)
  return { update, counter: new Counter({ commands, writer, update, planner, disk, ttl }) }
}

/** What walks over all names. */
function walking(parts: Omit<CheckParts, 'scan'>, bulk: Bulk) {
  const { commands, keys, operations } = parts
  const scan = new KeyScan(commands, operations)
  return {
    iteration: new Iteration(keys, scan, bulk, operations),
    removal: new Removal(scan, operations),
    volume: new Volume(keys, scan, bulk, commands, operations),
    check: new ConsistencyCheck({ ...parts, scan }),
  }
}

function largeValues(commands: Commands, background: Background, deadlines: DeadlineWatch) {
  const retired = new Retired(commands, background)
  return { retired, chunks: new Chunks(commands, retired, deadlines) }
}
