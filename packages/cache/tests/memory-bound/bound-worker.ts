import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Cache, type MemoryOptions } from '@diskcache/cache'
import { role } from '../processes/role.ts'
import { BOUND_KINDS, type BoundKind } from './bound-kinds.ts'

export interface BoundJob {
  /** Empty, and its own. */
  readonly directory: string
  readonly maxBytes: number
  /** The name of the kind of entries. */
  readonly kind: string
}

/** What a memory that was filled with entries of one kind took, in bytes. */
export interface BoundReport {
  readonly kind: string
  readonly entries: number
  /** What `stats` says. */
  readonly counted: number
  /** What the process had more than before. */
  readonly taken: number
}

const CHUNK = 500

/** Less than so many bytes are no difference. */
const SETTLED = 20_000

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

role<BoundJob, BoundReport>(async ({ directory, maxBytes, kind }) => {
  return { kind, ...(await measure(BOUND_KINDS[kind]!, directory, maxBytes)) }
})

/** Fills a memory twice over, the second time from entries that are there, and says what that takes. */
async function measure(kind: BoundKind, directory: string, maxBytes: number) {
  const memory = { maxBytes, share: kind.share, staleness: 1_000 }
  const count = fillDirectory(kind, directory, memory)
  const before = await bytesInUse()
  using cache = new Cache(directory, { memory })
  readAll(cache, kind, 0, count)
  const { entries = 0, bytes: counted = 0 } = cache.stats().memory ?? {}
  return { entries, counted, taken: (await bytesInUse()) - before }
}

/** Sets and reads entries until the first ones are gone from memory, so that V8 has made all that there is but once. */
function fillDirectory(kind: BoundKind, directory: string, memory: MemoryOptions): number {
  using cache = new Cache(directory, { evictionPolicy: 'none', memory })
  for (let count = 0, last = -1; ; ) {
    const { entries = 0 } = cache.stats().memory ?? {}
    if (entries === last) return count
    last = entries
    const end = fill(cache, kind, count)
    readAll(cache, kind, count, end)
    count = end
  }
}

function fill(cache: Cache, kind: BoundKind, first: number): number {
  const end = first + CHUNK
  cache.transact(() => {
    for (let i = first; i < end; i++)
      cache.set(kind.key?.(i) ?? `key ${i}`, kind.value(i), { tag: kind.tag?.(i) })
  })
  return end
}

function readAll(cache: Cache, kind: BoundKind, first: number, end: number): void {
  for (let i = first; i < end; i++) cache.get(kind.key?.(i) ?? `key ${i}`)
}

/** What is in use when nothing more can be collected: what lies outside of the heap goes later. */
async function bytesInUse(): Promise<number> {
  for (let last = Infinity; ; ) {
    collectGarbage()
    await setTimeout(20)
    const { heapUsed, external } = process.memoryUsage()
    if (heapUsed + external > last - SETTLED) return heapUsed + external
    last = heapUsed + external
  }
}
