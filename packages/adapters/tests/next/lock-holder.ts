/** Holds the lock of the cache in a directory until it is killed. */
import { once } from 'node:events'
import { Cache } from '@diskcache/cache'

const [{ directory }] = (await once(process, 'message')) as [{ directory: string }]
const cache = new Cache(directory)
cache.transact(() => {
  cache.set('held', true)
  process.send!('holds')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300_000)
})
