import { ok, strictEqual } from 'node:assert'
import { join } from 'node:path'
import { Cache, type PartialSettings } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { Child, meet, results } from '../../../../cache/tests/processes/child.ts'
import { laterClock } from '../../../../cache/tests/processes/soundness.ts'
import { MIN_FILE_SIZE } from '../../../../cache/tests/processes/stamped-value.ts'
import { expectSoundShards } from '../soundness.ts'
import { INVARIANTS } from './invariants.ts'
import type { MixedShardsJob, MixedShardsReport } from './worker.ts'

export interface MixedShardsPlan {
  readonly directory: string
  readonly seed: number
  readonly processes: number
  /** Of each process. */
  readonly operations: number
  readonly settings?: PartialSettings
  /** Milliseconds. */
  readonly limit: number
}

const WORKER = new URL('./worker.ts', import.meta.url)

/** Lets processes work on eight shards at the same time, and throws when an invariant is broken; gives figures. */
export async function mixedShardsRun(plan: MixedShardsPlan): Promise<string[]> {
  const settings = { minFileSize: MIN_FILE_SIZE, ...plan.settings }
  prepare(plan.directory, settings)
  const start = performance.now()
  const workers = startWorkers(plan, settings)
  const reports = await meet(workers).then(
    () => results(workers),
    () => results(workers),
  )
  const seconds = (performance.now() - start) / 1e3
  const figures = verify(plan.directory, reports)
  return [`${workers.length * plan.operations} operations in ${seconds.toFixed(1)} s`, ...figures]
}

function prepare(directory: string, settings: PartialSettings): void {
  using store = new FanoutCache(directory, { ...settings, shards: 8 })
  for (const invariant of INVARIANTS) invariant.prepare?.(asCache(store))
}

function startWorkers(
  { directory, seed, processes, operations, limit }: MixedShardsPlan,
  settings: PartialSettings,
): Child<MixedShardsReport>[] {
  return Array.from({ length: processes }, (_, id) => {
    const job: MixedShardsJob = { directory, seed, id, operations, settings }
    return Child.process<MixedShardsReport>(WORKER, job, { limit })
  })
}

function verify(directory: string, reports: readonly MixedShardsReport[]): string[] {
  expectSoundShards(directory)
  // Everything that can expire has done so by then.
  using store = new FanoutCache(directory, { clock: laterClock })
  const figures = INVARIANTS.map((invariant, i) =>
    invariant.verify(
      asCache(store),
      reports.map((report) => report[i]),
    ),
  )
  store.expire()
  strictEqual(store.size, [...store.keys()].length, 'size is not the number of entries')
  store.cull()
  for (let i = 0; i < store.shards; i++) expectWithinLimit(join(directory, `00${i}`))
  store.clear()
  strictEqual(store.size, 0, 'clear() leaves something')
  expectSoundShards(directory)
  return figures.filter((figure) => figure !== undefined)
}

/** Only pinned entries may keep the volume of a shard above its part of the limit. */
function expectWithinLimit(directory: string): void {
  using shard = new Cache(directory)
  const evictable = shard.keys({ prefix: 'scratch:' }).toArray().length
  const isWithin = shard.volume() <= shard.settings.sizeLimit
  ok(isWithin || evictable === 0, `${directory}: ${evictable} entries are left above the size limit`)
}

/** The invariants are written for a `Cache`, and use what both have. */
function asCache(store: FanoutCache): Cache {
  return store as unknown as Cache
}
