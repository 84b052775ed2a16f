import assert from 'node:assert/strict'
import { once } from 'node:events'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { Cache } from '@diskcache/cache'

// A Cache does not go from one thread to another: each opens one of its own.
const directory = isMainThread ? 'cache-of-threads' : workerData.directory
const cache = new Cache(directory)
try {
  if (isMainThread) {
    cache.set('count', 0)
    const workers = [1, 2, 3].map(() => new Worker(new URL(import.meta.url), { workerData: { directory } }))
    await Promise.all(workers.map((worker) => once(worker, 'exit')))
    assert.equal(cache.get('count'), 300)
    console.log('300 increments by three threads')
  } else {
    for (let i = 0; i < 100; i++) cache.incr('count')
  }
} finally {
  cache.close()
}
