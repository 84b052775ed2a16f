import { strictEqual } from 'node:assert'
import { Cache } from '@diskcache/cache'
import { Child, meet, results } from './child.ts'
import { expectSound } from './soundness.ts'
import { MIN_FILE_SIZE } from './stamped-value.ts'

export interface HotKeyJob {
  readonly directory: string
  readonly id: number
  readonly seed: number
  readonly writes: boolean
  /** How long it works, in milliseconds. */
  readonly duration: number
}

export interface HotKeyReport {
  readonly operations: number
  readonly misses: number
}

export const HOT_KEY = 'hot'

const WORKER = new URL('./hot-key-worker.ts', import.meta.url)

/** Several processes read one key that others replace all the time, as files: nobody may miss it. */
export async function hotKeyRun(plan: {
  directory: string
  seed: number
  duration: number
}): Promise<string> {
  {
    using cache = new Cache(plan.directory, { minFileSize: MIN_FILE_SIZE })
    cache.set(HOT_KEY, 'not yet replaced', { pin: true })
  }
  const children = [true, false, false, false, false, false].map((writes, id) => {
    const job: HotKeyJob = { ...plan, id, writes }
    return Child.process<HotKeyReport>(WORKER, job, { limit: plan.duration + 30_000 })
  })
  await meet(children)
  const [writer, ...readers] = await results(children)
  const reads = readers.reduce((sum, { operations }) => sum + operations, 0)
  const misses = readers.reduce((sum, { misses }) => sum + misses, 0)
  strictEqual(
    misses,
    0,
    `a key that always exists was missed in ${misses} of ${reads} reads while its file was replaced`,
  )
  expectSound(plan.directory)
  return `${reads} reads of one key beside ${writer?.operations} replacements, none missed`
}
