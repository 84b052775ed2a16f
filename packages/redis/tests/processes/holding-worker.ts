import { setTimeout as delay } from 'node:timers/promises'
import { BoundedSemaphore, type Hold, Lock, setIfNewer } from '@diskcache/recipes'
import { note } from '../../../recipes/tests/processes/history.ts'
import { job, tell } from '../../../recipes/tests/processes/job.ts'
import { RedisStore } from '../../src/index.ts'

export interface HoldingJob {
  readonly url: string
  readonly prefix: string
  readonly lease: number
  /** Files for the histories of the lock and of the semaphore of two, and of the writes that were accepted. */
  readonly locks: string
  readonly semaphores: string
  readonly writes: string
}

const { url, prefix, lease, locks, semaphores, writes } = await job<HoldingJob>()
const store = new RedisStore({ url, prefix })
tell('ready')
await Promise.all([
  holdForEver(new Lock(store, 'k', { lease }), locks, write),
  holdForEver(new BoundedSemaphore(store, 'k', 2, { lease }), semaphores, async () => {}),
])

async function holdForEver(
  lock: Lock | BoundedSemaphore,
  history: string,
  act: (hold: Hold) => Promise<void>,
): Promise<never> {
  for (;;) {
    // Longer than the server ever stands still: without a time, nobody waits for a store that is away.
    const hold = await lock.acquire({ timeout: 30_000 })
    try {
      for (let i = 0; i < 3; i++) {
        // The time is taken first: the process may be stopped between the two.
        const time = process.hrtime.bigint()
        hold.check()
        note(history, { token: hold.token, time })
        await act(hold)
        await delay(Math.random() * 3)
      }
      await hold.release()
    } catch (error) {
      if (!hold.lost.aborted && !isAway(error)) throw error
      // Perhaps its lease has to end by itself.
      await hold.release().catch(() => {})
    }
  }
}

function isAway(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return code === 'ERR_DISKCACHE_UNAVAILABLE' || code === 'ERR_DISKCACHE_TIMEOUT'
}

/** Without a look at whether the lock is still held: that is what the token is for. */
async function write({ token }: Hold): Promise<void> {
  if (await setIfNewer(store, 'data', `written under ${token}`, token))
    note(writes, { token, time: process.hrtime.bigint() })
}
