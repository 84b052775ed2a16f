import type { AsyncStore, StoreListing } from '@diskcache/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Target } from '../../../reading/targets/target.ts'
import { WalkedListing } from '../../../reading/targets/walked-listing.ts'
import { Sampler } from './sampler.ts'

/** A store that counts what it is asked for. */
function countingTarget() {
  const counts = { asked: 0, hits: 100, misses: 7, evictions: 3, error: undefined as Error | undefined }
  const store: Partial<AsyncStore> = {
    count: async () => {
      counts.asked++
      if (counts.error) throw counts.error
      return 5
    },
    volume: async () => 1_024,
    stats: async () => ({
      hits: counts.hits,
      misses: counts.misses,
      dropped: 0,
      evictions: { count: counts.evictions } as never,
    }),
  }
  const listing: Partial<StoreListing> = { async *list() {} }
  const target: Partial<Target> = {
    kind: 'other',
    name: 'x',
    store: store as AsyncStore,
    listing: listing as StoreListing,
  }
  return { target: target as Target, counts }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('Sampler.live() has a sample a second of what was added', async () => {
  const { target, counts } = countingTarget()
  const sampler = new Sampler(target)
  expect((await sampler.live(0)).samples).toMatchObject([
    { hits: 0, misses: 0, evictions: 0, entries: 5, bytes: 1_024 },
  ])
  counts.hits += 10
  await vi.advanceTimersByTimeAsync(1_000)
  counts.misses += 2
  counts.evictions += 1
  await vi.advanceTimersByTimeAsync(1_000)
  const { samples } = await sampler.live(0)
  expect(samples.map(({ hits, misses, evictions }) => [hits, misses, evictions])).toEqual([
    [0, 0, 0],
    [10, 0, 0],
    [0, 2, 1],
  ])
  expect((await sampler.live(samples[1]!.time)).samples).toEqual(samples.slice(2))
  sampler.close()
})

test('Sampler.live() counts from 0 when the counts of the store were set back', async () => {
  const { target, counts } = countingTarget()
  const sampler = new Sampler(target)
  await sampler.live(0)
  counts.hits = 4
  await vi.advanceTimersByTimeAsync(1_000)
  expect((await sampler.live(0)).samples.at(-1)).toMatchObject({ hits: 4 })
  sampler.close()
})

test('Sampler asks nothing before the first question, and nothing 11 s after the last', async () => {
  const { target, counts } = countingTarget()
  const sampler = new Sampler(target)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(counts.asked).toBe(0)
  await Promise.all([sampler.live(0), sampler.live(0)])
  expect(counts.asked).toBe(1)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(counts.asked).toBeLessThanOrEqual(11)
  expect(vi.getTimerCount()).toBe(0)
  counts.hits += 1_000
  // What was added while nobody looked is no part of the second after.
  expect((await sampler.live(0)).samples.at(-1)).toMatchObject({ hits: 0 })
  sampler.close()
})

test('Sampler keeps ten minutes', async () => {
  const { target } = countingTarget()
  const sampler = new Sampler(target)
  for (let second = 0; second < 700; second += 5) {
    await sampler.live(0)
    await vi.advanceTimersByTimeAsync(5_000)
  }
  const { samples } = await sampler.live(0)
  expect(samples).toHaveLength(600)
  expect(samples.at(-1)!.time - samples[0]!.time).toBe(599_000)
  sampler.close()
})

test('Sampler.live() throws what the store fails with, until it answers again', async () => {
  const { target, counts } = countingTarget()
  counts.error = new Error('away')
  const sampler = new Sampler(target)
  await expect(sampler.live(0)).rejects.toThrow('away')
  counts.error = undefined
  await vi.advanceTimersByTimeAsync(1_000)
  expect((await sampler.live(0)).samples).toHaveLength(1)
  sampler.close()
})

test('Sampler.live() has a store that walks over all entries count them rarely', async () => {
  const { target, counts } = countingTarget()
  const count = async () => {
    counts.asked++
    await new Promise((resolve) => setTimeout(resolve, 200))
    return 5
  }
  const store = { ...target.store, count } as AsyncStore
  const sampler = new Sampler({ ...target, store, listing: new WalkedListing(store) })
  for (let second = 0; second < 20; second++) {
    void sampler.live(0)
    await vi.advanceTimersByTimeAsync(1_000)
  }
  expect((await sampler.live(0)).samples.length).toBeGreaterThan(15)
  expect(counts.asked).toBe(2)
  sampler.close()
})
