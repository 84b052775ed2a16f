import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { hear, job, tell } from '../../../recipes/tests/processes/job.ts'
import { RedisStore, type RedisStoreOptions } from '../../src/index.ts'
import { type Change, faultOf, now, type Read } from './changes.ts'

export interface ReadingJob {
  readonly options: RedisStoreOptions & { readonly memory: { readonly staleness: number } }
  readonly file: string
  readonly keys: number
}

export interface ReadingReport {
  readonly reads: number
  /** Reads that failed. */
  readonly failures: number
  /** Of those that did not, how many came from memory. */
  readonly hits: number
  readonly faults: readonly string[]
}

const { options, file, keys } = await job<ReadingJob>()
const store = new RedisStore(options)
const reads = Array.from({ length: keys }, (): Read[] => [])
let failures = 0
let isOver = false
hear().then(() => {
  isOver = true
})
tell('ready')
// Each key by itself, so that one that Redis has to be asked for keeps none waiting that is in memory.
await Promise.all(reads.map((_, key) => readAgain(key)))
const { hits = 0 } = (await store.stats()).memory ?? {}
const changes = changesIn(file)
const faults = reads.flatMap((all, key) =>
  all.flatMap((read) => {
    const fault = faultOf(changes[key] ?? [], read, options.memory.staleness)
    return fault === undefined ? [] : [`${key}: ${JSON.stringify(read)} ${fault}`]
  }),
)
const report: ReadingReport = { reads: reads.flat().length, failures, hits, faults: faults.slice(0, 10) }
tell(report)

async function readAgain(key: number): Promise<void> {
  while (!isOver) {
    await read(key)
    await delay(1)
  }
}

async function read(key: number): Promise<void> {
  const begin = now()
  try {
    const value = (await store.get(key)) as { n: number; list: number[] } | undefined
    if (value !== undefined && value.list[0] !== value.n) throw new TypeError('A torn value')
    reads[key]?.push({ n: value?.n ?? 0, begin, end: now() })
  } catch (error) {
    if (error instanceof TypeError) throw error
    failures++
  }
}

/** The changes of each key, in their order. */
function changesIn(path: string): Change[][] {
  const changes = Array.from({ length: keys }, (): Change[] => [])
  for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) {
    const [key = 0, n = 0, time = 0, ttl] = line.split(' ').map(Number)
    const all = changes[key] as Change[]
    if (ttl !== undefined) all.push({ n, begin: time, end: Infinity, ttl })
    else all[n - 1] = { ...(all[n - 1] as Change), end: time }
  }
  return changes
}
