/**
 * Holds the write lock of a cache. Reads lines `hold` and a duration in milliseconds from its parent, and answers each
 * with a line when it has let go. Argument: the directory.
 */
import { createInterface } from 'node:readline'
import { Cache } from '@diskcache/cache'

const cache = new Cache(process.argv[2])
const cell = new Int32Array(new SharedArrayBuffer(4))

for await (const line of createInterface({ input: process.stdin })) {
  const duration = Number(line.split(' ')[1])
  cache.transact(() => {
    cache.set('held', performance.now())
    Atomics.wait(cell, 0, 0, duration)
  })
  console.log(true)
}
cache.close()
