/** One of several processes that count together. Arguments: the cache directory, the method, how often, how many processes. */
import { Cache } from '@diskcache/cache'
import { runWorker } from '../worker.ts'
import { increments, type Method } from './increment.ts'

const READY = 'ready'

const cell = new Int32Array(new SharedArrayBuffer(4))

await runWorker(([directory, method, times, processes]) => {
  using cache = new Cache<string, number>(directory)
  const increment = increments[method as Method]
  awaitOthers(cache, Number(processes))
  for (let done = 0; done < Number(times); done++) increment(cache)
})

/** Without this, the process that starts first would be done before the last one begins. */
function awaitOthers(cache: Cache<string, number>, processes: number): void {
  cache.incr(READY)
  while (cache.get(READY) !== processes) Atomics.wait(cell, 0, 0, 1)
}
