import type { Cache } from '@diskcache/cache'

const BATCH = 16

/** Long enough for any run; what one leaves behind that was interrupted goes away by itself. Milliseconds. */
const TIME_TO_LIVE = 600_000

/** Puts the paths into the queue, all in one transaction: the workers see none of them or all. */
export function pushBatches(cache: Cache, queue: string, paths: readonly string[]): void {
  cache.transact(() => {
    for (let at = 0; at < paths.length; at += BATCH) {
      cache.push(paths.slice(at, at + BATCH), { prefix: queue, ttl: TIME_TO_LIVE })
    }
  })
}

/** Takes batches until the queue is empty. Each goes to one process, however many pull at the same time. */
export function* pullBatches(cache: Cache, queue: string): Generator<readonly string[]> {
  for (;;) {
    const batch = cache.pull({ prefix: queue })
    if (batch === undefined) return
    yield batch.value as readonly string[]
  }
}
