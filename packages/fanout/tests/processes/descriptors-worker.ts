import { readdirSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { FanoutCache } from '@diskcache/fanout'
import { role } from '../../../cache/tests/processes/role.ts'

export interface DescriptorsJob {
  readonly directory: string
  readonly shards: number
}

/** How many descriptors are open, beyond those of a process without a cache. */
export interface DescriptorsReport {
  /** With one shard open, with one more, and so on. */
  readonly opening: number[]
  readonly afterWork: number
  readonly afterClose: number
}

role<DescriptorsJob, DescriptorsReport>(async ({ directory, shards }) => {
  new FanoutCache(directory, { shards }).close()
  const before = descriptors()
  const count = () => descriptors() - before
  const cache = new FanoutCache(directory)
  // Small integers are their own hash, so each of these keys opens the next shard; the first is always open.
  const opening = Array.from({ length: shards }, (_, key) => {
    cache.get(key)
    return count()
  })
  for (let round = 0; round < 3; round++) await work(cache)
  const afterWork = count()
  await cache.promises.close()
  return { opening, afterWork, afterClose: count() }
})

/** Everything that may hold a descriptor for a while. */
async function work(cache: FanoutCache): Promise<void> {
  const keys = [...Array(100).keys()]
  cache.setMany(keys.map((key) => [key, 'x'.repeat(40_000)]))
  await cache.promises.setMany(keys.map((key) => [key, 'y'.repeat(40_000)]))
  await Promise.all(keys.map((key) => cache.promises.getMany([key, key + 1])))
  for (const key of keys) await text(cache.read(key) as Readable)
  cache.values({ order: 'sorted' }).take(3).toArray()
  for await (const _ of cache.promises.entries()) break
  await cache.promises.transact((store) => store.deleteMany(keys))
  cache.check()
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length
}
