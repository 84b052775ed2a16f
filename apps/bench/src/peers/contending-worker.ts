/**
 * One of several processes that want the same thing. Reads lines from its parent, `lock` or `update` and how often, and
 * answers each with the seconds that it took. Argument: the directory of the cache.
 */
import { createInterface } from 'node:readline'
import { Cache } from '@diskcache/cache'
import { Lock } from '@diskcache/recipes'
import { valueRotation } from '../workload.ts'

const cache = new Cache(process.argv[2]!)
const lock = new Lock(cache, 'key')
const values = valueRotation()

for await (const line of createInterface({ input: process.stdin })) {
  const [operation, calls] = line.split(' ')
  const call = operation === 'lock' ? () => lock.run(() => {}) : update
  const start = performance.now()
  for (let i = 0; i < Number(calls); i++) await call()
  console.log((performance.now() - start) / 1e3)
}
cache.close()

function update(): Promise<unknown> {
  return cache.promises.update('row', () => ({ set: `${process.pid} ${values.next()}` }))
}
