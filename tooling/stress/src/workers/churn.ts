import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { role } from '../../../../packages/cache/tests/processes/role.ts'
import {
  checkStamped,
  FORMS,
  MIN_FILE_SIZE,
  stamped,
} from '../../../../packages/cache/tests/processes/stamped-value.ts'
import { collectGarbage } from './collect-garbage.ts'

export interface ChurnJob {
  readonly directory: string
  readonly seed: number
  readonly operations: number
  /** Only reads, until the other one has finished. */
  readonly reads: boolean
}

/** Bytes; the first two are differences between the end and the time after the warm-up. */
export interface ChurnReport {
  readonly memory: number
  readonly descriptors: number
  /** The largest size of the write-ahead log. */
  readonly log: number
}

const FINISHED = 'finished'
const SAMPLE = 500

role<ChurnJob, ChurnReport>(async ({ directory, seed, operations, reads }, barrier) => {
  using cache = new Cache(directory, {
    minFileSize: MIN_FILE_SIZE,
    evictionPolicy: 'least-recently-used',
    statistics: true,
  })
  await barrier()
  if (reads) return await readAll(cache)
  const report = await work(cache, new Random(seed), operations)
  cache.set(FINISHED, true)
  return report
})

async function readAll(cache: Cache): Promise<ChurnReport> {
  while (!cache.has(FINISHED)) {
    for (const [key, value] of cache) if (key !== FINISHED) checkStamped(key as string, value)
    await setImmediate()
  }
  return { memory: 0, descriptors: 0, log: 0 }
}

async function work(cache: Cache, random: Random, operations: number): Promise<ChurnReport> {
  let before = usage()
  let log = 0
  for (let i = 0; i < operations; i++) {
    step(cache, random, i)
    if (i % SAMPLE > 0) continue
    await setImmediate()
    collectGarbage()
    log = Math.max(log, logSize(cache.directory))
    if (i <= operations / 4) before = usage()
  }
  const after = usage()
  return { memory: after.memory - before.memory, descriptors: after.descriptors - before.descriptors, log }
}

function step(cache: Cache, random: Random, sequence: number): void {
  const key = `key ${random.below(500)}`
  if (random.chance(0.5)) cache.set(key, stamped({ key, writer: 0, sequence }, random.pick(FORMS), random))
  else {
    const value = cache.get(key)
    if (value !== undefined) checkStamped(key, value)
  }
}

function usage() {
  return { memory: process.memoryUsage.rss(), descriptors: readdirSync('/proc/self/fd').length }
}

/** Only ever `stat`: closing a descriptor of these files would drop SQLite's locks. */
function logSize(directory: string): number {
  return statSync(join(directory, 'cache.db-wal'), { throwIfNoEntry: false })?.size ?? 0
}
