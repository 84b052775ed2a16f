import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { FanoutCache } from '@diskcache/fanout'
import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'
import { Child, meet, results } from '../../cache/tests/processes/child.ts'
import { expectNone, laterClock } from '../../cache/tests/processes/soundness.ts'
import type { DescriptorsJob, DescriptorsReport } from './processes/descriptors-worker.ts'
import { type HaltingJob, INSIDE } from './processes/halting-worker.ts'
import type { IncrementingJob } from './processes/incrementing-worker.ts'
import { expectTotal, openAccounts } from './processes/ledger.ts'
import { mixedShardsRun } from './processes/mixed/mixed-run.ts'
import type { OpeningJob } from './processes/opening-worker.ts'
import { expectSoundShards } from './processes/soundness.ts'
import type { TransferringJob, TransferringReport } from './processes/transferring-worker.ts'

const SEED = Number(process.env.SEED ?? Date.now() % 1e6)

const limit = 60_000

function moduleOf(name: string): URL {
  return new URL(`./processes/${name}.ts`, import.meta.url)
}

/** Eight processes that open a new directory at the same time; gives how many shards each found. */
async function openTogether(directory: string, wanted: readonly (number | undefined)[]) {
  const children = wanted.map((shards, id) => {
    const job: OpeningJob = { directory, id, shards }
    return Child.process<number | undefined>(moduleOf('opening-worker'), job, { limit })
  })
  await meet(children)
  return results(children)
}

test('new FanoutCache() succeeds in eight processes that make the directory at the same time', {
  timeout: limit,
}, async ({ directory }) => {
  const path = join(directory, 'new')
  expect(await openTogether(path, Array(8).fill(undefined))).toEqual(Array(8).fill(8))
  expect(readFileSync(join(path, 'cache.db-shards'), 'utf8')).toBe('8\n')
  expect(readdirSync(path)).toHaveLength(9)
  using cache = new FanoutCache(path)
  expect(cache.size).toBe(8)
  expectSoundShards(path)
})

test('new FanoutCache() agrees with seven other processes on one of two numbers of shards', {
  timeout: limit,
}, async ({ directory }) => {
  const wanted = Array.from({ length: 8 }, (_, id) => 3 + (id % 2))
  const found = await openTogether(directory, wanted)
  const [count] = found.filter((shards) => shards !== undefined)
  expect(found).toEqual(wanted.map((shards) => (shards === count ? count : undefined)))
  expect(readdirSync(directory)).toHaveLength(Number(count) + 1)
  expectSoundShards(directory)
})

test('FanoutCache.promises.incr() counts exactly in four processes', { timeout: limit }, async ({
  directory,
}) => {
  const keys = [...Array(8).keys(), 'a', 'b']
  const job: IncrementingJob = { directory, keys, times: 50, inFlight: 5 }
  const children = Array.from({ length: 4 }, () =>
    Child.process<void>(moduleOf('incrementing-worker'), job, { limit }),
  )
  await meet(children)
  await results(children)
  using cache = new FanoutCache(directory)
  expect(cache.getMany(keys)).toEqual(keys.map(() => 200))
  expectSoundShards(directory)
})

test(`FanoutCache.transact() keeps a sum over shards in four processes, in opposite orders (SEED=${SEED})`, {
  timeout: limit,
}, async ({ directory }) => {
  using cache = new FanoutCache<number, number>(directory)
  openAccounts(cache)
  const children = (['sync', 'sync', 'promises', 'promises'] as const).map((face, id) => {
    const job: TransferringJob = { directory, seed: SEED, id, transfers: 60, face }
    return Child.process<TransferringReport>(moduleOf('transferring-worker'), job, { limit })
  })
  await meet(children)
  await results(children)
  expectTotal(cache)
  expectSoundShards(directory)
})

test('FanoutCache.transact() leaves no lock and no damage when its process is killed', {
  timeout: limit,
}, async ({ directory }) => {
  using cache = new FanoutCache(directory, { shards: 4 })
  const keys = [0, 1, 2, 3]
  const old = Buffer.alloc(40_000)
  cache.setMany(keys.map((key) => [key, old]))
  const job: HaltingJob = { directory, keys }
  const child = Child.process<never>(moduleOf('halting-worker'), job, { limit })
  await meet([child])
  while (!child.output.includes(INSIDE)) await setTimeout(5)
  for (const key of keys) expect(cache.set(key, 'dropped')).toBe(false)
  expect(() => cache.transact(() => expect.unreachable())).toThrow(/lock/)
  const waiting = cache.promises.transact((store) => store.getMany(keys))
  child.kill()
  await child.ended
  expect(await waiting).toEqual(keys.map(() => old))
  cache.transact(() => expect(cache.setMany(keys.map((key) => [key, 'new']))).toEqual(keys.map(() => true)))
  expect(cache.check()).toEqual([])
  expectOnlyOrphans(directory, keys.length)
})

/** The files that the dead wrote, and nothing else, are there to be swept. */
function expectOnlyOrphans(directory: string, count: number): void {
  using later = new FanoutCache(directory, { clock: laterClock })
  const orphans = later.check({ fix: true }).filter(({ kind }) => kind !== 'empty-directory')
  expect(orphans.map(({ kind }) => kind)).toEqual(Array(count).fill('orphan-file'))
  expectNone(later.check(), 'check() after the sweep')
}

test.skipIf(process.platform !== 'linux')(
  'FanoutCache holds three descriptors for each open shard and one for its thread, and no more after work (skipped without /proc)',
  { timeout: limit },
  async ({ directory }) => {
    const job: DescriptorsJob = { directory, shards: 5 }
    const child = Child.process<DescriptorsReport>(moduleOf('descriptors-worker'), job, { limit })
    const [report] = await results([child])
    expect(report).toEqual({ opening: [4, 7, 10, 13, 16], afterWork: 16, afterClose: 0 })
  },
)

test(`FanoutCache keeps the invariants of Cache in four processes (SEED=${SEED})`, {
  timeout: 120_000,
}, async ({ directory }) => {
  await mixedShardsRun({ directory, seed: SEED, processes: 4, operations: 300, limit: 90_000 })
})
