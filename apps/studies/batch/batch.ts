import { setTimeout } from 'node:timers/promises'
import { Cache, type DiskCacheError } from '@diskcache/cache'
import { Lock } from '@diskcache/recipes'

const LINES = Array.from({ length: 60 }, (_, number) => `line ${number + 1}`)
const cache = new Cache('batch-state', { evictionPolicy: 'none' }).promises

/** Stands in for the work on one line. */
async function work(_line: string): Promise<void> {
  await setTimeout(10)
}

try {
  // By a timer and by hand: never two at a time. What one that was killed had, is free after the lease.
  const hold = await new Lock(cache, 'batch', { lease: 1_000 }).acquire({ timeout: 2_000 })
  const begin = (await cache.get('next')) as number | undefined
  console.log(`begins at ${LINES[begin ?? 0]}`)
  for (const [number, line] of LINES.entries()) {
    if (number < (begin ?? 0)) continue
    hold.check() // throws where the machine slept, and another one has begun
    await work(line)
    await cache.set('next', number + 1)
  }
  await cache.delete('next')
  await hold.release()
  console.log('done')
} catch (error) {
  if ((error as DiskCacheError).code !== 'ERR_DISKCACHE_LOCK_TIMEOUT') throw error
  console.log('another one is at it')
}
await cache.close()
