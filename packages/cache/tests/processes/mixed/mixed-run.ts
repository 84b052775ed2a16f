import { ok, strictEqual } from 'node:assert'
import { Cache, type PartialSettings } from '@diskcache/cache'
import { Child, meet, results } from '../child.ts'
import { expectSound, laterClock } from '../soundness.ts'
import { MIN_FILE_SIZE } from '../stamped-value.ts'
import { INVARIANTS } from './invariants.ts'
import type { MixedJob, MixedReport } from './worker.ts'

export interface MixedPlan {
  readonly directory: string
  readonly seed: number
  readonly processes: number
  readonly threads?: number
  /** Of each process or thread. */
  readonly operations: number
  readonly settings?: PartialSettings
  /** Milliseconds. */
  readonly limit: number
}

const WORKER = new URL('./worker.ts', import.meta.url)

/** Lets processes work on one directory at the same time, and throws when an invariant is broken; gives figures. */
export async function mixedRun(plan: MixedPlan): Promise<string[]> {
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
  const total = workers.length * plan.operations
  return [`${total} operations in ${seconds.toFixed(1)} s`, ...figures]
}

function prepare(directory: string, settings: PartialSettings): void {
  using cache = new Cache(directory, settings)
  for (const invariant of INVARIANTS) invariant.prepare?.(cache)
}

function startWorkers(
  { directory, seed, processes, threads = 0, operations, limit }: MixedPlan,
  settings: PartialSettings,
) {
  return Array.from({ length: processes + threads }, (_, id) => {
    const job: MixedJob = { directory, seed, id, operations, settings }
    if (id < processes) return Child.process<MixedReport>(WORKER, job, { limit })
    return Child.thread<MixedReport>(WORKER, job, { limit })
  })
}

function verify(directory: string, reports: readonly MixedReport[]): string[] {
  expectSound(directory)
  // Everything that can expire has done so by then.
  using cache = new Cache(directory, { clock: laterClock })
  const figures = INVARIANTS.map((invariant, i) =>
    invariant.verify(
      cache,
      reports.map((report) => report[i]),
    ),
  )
  cache.expire()
  strictEqual(cache.size, [...cache.keys()].length, 'size is not the number of entries')
  expectWithinLimit(cache)
  cache.clear()
  strictEqual(cache.size, 0, 'clear() leaves something')
  expectSound(directory)
  return figures.filter((figure) => figure !== undefined)
}

/** Only pinned entries may keep the volume above the limit. */
function expectWithinLimit(cache: Cache): void {
  cache.cull()
  const evictable = cache.keys({ prefix: 'scratch:' }).toArray().length
  const { sizeLimit } = cache.settings
  ok(cache.volume() <= sizeLimit || evictable === 0, `${evictable} entries are left above the size limit`)
}
