import { setTimeout as delay } from 'node:timers/promises'
import { hear, job, tell } from '../../../recipes/tests/processes/job.ts'
import { RedisStore, type RedisStoreOptions } from '../../src/index.ts'
import { KeyHistory } from './key-history.ts'

export interface OutageJob {
  readonly options: RedisStoreOptions
  /** Of this process, for the names of its keys. */
  readonly id: number
  readonly keys: number
}

export interface OutageReport {
  readonly writes: number
  readonly failures: number
  readonly reads: number
  /** What took effect after it had been reported as failed. */
  readonly late: readonly string[]
  /** Reads of what was replaced before, or of nothing where something was written. */
  readonly lost: number
  /** The longest time that an operation took, in milliseconds. */
  readonly longest: number
}

const { options, id, keys } = await job<OutageJob>()
const store = new RedisStore(options)
let [writes, failures, reads, lost, longest, isOver] = [0, 0, 0, 0, 0, false]
const late: string[] = []
const running = Array.from({ length: keys }, (_, i) => useKey(`process ${id}, key ${i}`, i))
tell('ready')
await hear()
isOver = true
await Promise.all(running)
tell({ writes, failures, reads, late, lost, longest } satisfies OutageReport)
await store.close().catch(() => {})
process.exit()

/** Of each kind of write; the value that it leaves is the number. */
function write(key: string, kind: number, value: number): Promise<unknown> {
  if (kind === 0) return store.set(key, value)
  if (kind === 1) return store.setMany([[key, value]], { ttl: 3_600_000 })
  if (kind === 2) return store.update(key, () => ({ set: value }))
  return store.set(key, [value, 'x'.repeat(100_000)])
}

async function useKey(key: string, i: number): Promise<void> {
  const history = new KeyHistory()
  for (let value = 1; !isOver; value++) {
    await delay(Math.random() * 20)
    writes++
    try {
      await timed(() => write(key, i % 4, value))
      history.succeeded(value)
    } catch {
      failures++
      history.failed(value)
    }
    // Two looks, between which nothing should happen.
    await look(key, history)
    if (value % 4 === 0) await look(key, history)
  }
}

async function look(key: string, history: KeyHistory): Promise<void> {
  for (;;) {
    try {
      const found = await timed(() => store.get(key))
      const value = (Array.isArray(found) ? found[0] : found) as number | undefined
      reads++
      const verdict = history.read(value)
      if (verdict === 'late') late.push(`${key}: ${value}`)
      if (verdict === 'lost') lost++
      return
    } catch {
      if (isOver) return
      await delay(10)
    }
  }
}

async function timed<T>(operation: () => Promise<T>): Promise<T> {
  const start = performance.now()
  try {
    return await operation()
  } finally {
    longest = Math.max(longest, performance.now() - start)
  }
}
