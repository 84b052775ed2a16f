import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { BoundedSemaphore, type Hold, Lock } from '../../src/index.ts'
import { note } from './history.ts'
import { job, tell } from './job.ts'

export interface HoldingJob {
  readonly directory: string
  readonly lease: number
  /** Files for the histories of the lock and of the semaphore of two. */
  readonly locks: string
  readonly semaphores: string
}

const { directory, lease, locks, semaphores } = await job<HoldingJob>()
const cache = new Cache(directory)
tell('ready')
await Promise.all([
  holdForEver(new Lock(cache, 'k', { lease }), locks),
  holdForEver(new BoundedSemaphore(cache, 'k', 2, { lease }), semaphores),
])

async function holdForEver(lock: Lock | BoundedSemaphore, history: string): Promise<never> {
  for (;;) {
    const hold = await lock.acquire()
    try {
      await use(hold, history)
      await hold.release()
    } catch (error) {
      if (!hold.lost.aborted) throw error
    }
  }
}

async function use(hold: Hold, history: string): Promise<void> {
  for (let i = 0; i < 4; i++) {
    // The time is taken first: the process may be stopped between the two.
    const time = process.hrtime.bigint()
    hold.check()
    note(history, { token: hold.token, time })
    await delay(Math.random() * 3)
  }
}
