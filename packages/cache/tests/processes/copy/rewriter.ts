import { Cache } from '@diskcache/cache'
import { role } from '../role.ts'

/** What is written again, whenever it is asked for. */
export interface RewriteJob {
  readonly directory: string
  /** More than are copied at the same time. */
  readonly keys: number
  /** How often it was asked for, and how often it was done. */
  readonly turns: Int32Array
}

const LARGE = 'x'.repeat(33_000)

/** Gives each key a new file whenever the first number is higher than the second; ends when it is negative. */
role<RewriteJob, number>(({ directory, keys, turns }) => {
  using cache = new Cache(directory, { timeout: 60_000 })
  for (let turn = 0; ; turn++) {
    Atomics.wait(turns, 0, turn)
    if (Atomics.load(turns, 0) < 0) return turn
    for (let key = 0; key < keys; key++) cache.set(key, `${turn}${LARGE}`)
    Atomics.store(turns, 1, turn + 1)
    Atomics.notify(turns, 1)
  }
})
