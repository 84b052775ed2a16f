import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { test as base, expect } from 'vitest'
import { Child, meet, results } from './processes/child.ts'
import { valueFilesIn } from './processes/directory-walk.ts'
import type { FillingJob } from './processes/entries/filling-worker.ts'
import { firstOpenRun } from './processes/first-open.ts'
import { hotKeyRun } from './processes/hot-key.ts'
import { killRun } from './processes/kill/kill-run.ts'
import type { MemoizingReport } from './processes/memoizing-worker.ts'
import { mixedRun } from './processes/mixed/mixed-run.ts'
import { type ReplayJob, replay } from './processes/replay.ts'
import { expectSound } from './processes/soundness.ts'

const SEED = Number(process.env.SEED ?? Date.now() % 1e6)

const test = base.extend<{ directory: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  directory: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-processes-'))
    await use(directory)
    rmSync(directory, { recursive: true, force: true })
  },
})

function moduleOf(name: string): URL {
  return new URL(`./processes/${name}.ts`, import.meta.url)
}

const limit = 20_000

test(`eight processes keep every invariant (SEED=${SEED})`, { timeout: 120_000 }, async ({ directory }) => {
  await mixedRun({ directory, seed: SEED, processes: 8, operations: 600, limit: 90_000 })
})

test(`two processes and four threads keep every invariant while they evict (SEED=${SEED})`, {
  timeout: 120_000,
}, async ({ directory }) => {
  const settings = { sizeLimit: 2_000_000, evictionPolicy: 'least-recently-used', statistics: true } as const
  await mixedRun({
    directory,
    seed: SEED,
    processes: 2,
    threads: 4,
    operations: 500,
    settings,
    limit: 90_000,
  })
})

test('four processes that write new entries never have more than maxEntries', {
  timeout: 120_000,
}, async ({ directory }) => {
  const maxEntries = 100
  new Cache(directory, { maxEntries }).close()
  const workers = ['a', 'b', 'c', 'd'].map((name) => {
    const job: FillingJob = { directory, name, writes: 500 }
    return Child.process<number>(moduleOf('entries/filling-worker'), job, { limit: 90_000 })
  })
  await meet(workers)
  for (const most of await results(workers)) expect(most).toBe(maxEntries)
  expectSound(directory)
})

test('Cache.get() never misses a key whose file is replaced meanwhile', { timeout: limit }, async ({
  directory,
}) => {
  await hotKeyRun({ directory, seed: SEED, duration: 1_000 })
})

test(`processes that are killed lose nothing that they acknowledged (SEED=${SEED})`, {
  timeout: 120_000,
}, async ({ directory }) => {
  await killRun({ directory, seed: SEED, rounds: 5 })
})

test('sixteen processes open an empty directory at the same time', { timeout: limit }, async ({
  directory,
}) => {
  await firstOpenRun({ directory, processes: 16, rounds: 1 })
})

test('memoize() computes once for all processes', { timeout: limit }, async ({ directory }) => {
  const run = () =>
    Child.process<MemoizingReport>(moduleOf('memoizing-worker'), { directory }, { limit }).result
  expect(await run()).toEqual({ results: [1, 4, 9, 4], calls: 3 })
  expect(await run()).toEqual({ results: [1, 4, 9, 4], calls: 0 })
})

test('Cache.set() waits for the lock, and gives up after its timeout without a trace', {
  timeout: limit,
}, async ({ directory }) => {
  using patient = new Cache(directory)
  using hasty = new Cache(directory, { timeout: 50 })
  const large = Buffer.alloc(100_000)

  const holder = await holdLock(directory, patient)
  const start = performance.now()
  expect(() => hasty.set('large', large)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' }))
  expect(performance.now() - start).toBeLessThan(500)
  expect(valueFilesIn(directory)).toEqual([])
  expect(hasty.get('large')).toBe(undefined)

  expect(patient.set('large', large)).toBe(true)
  expect(patient.get('held')).toBe(true)
  await results([holder])
  expect(hasty.set('large', large)).toBe(true)
  expectSound(directory)
})

/** Another process that has the write lock for 1.5 s from now on. */
async function holdLock(directory: string, cache: Cache): Promise<Child> {
  const holder = Child.process(moduleOf('lock-holder'), { directory, duration: 1_500 }, { limit })
  await holder.ready()
  holder.go(Date.now())
  using impatient = new Cache(directory, { timeout: 0 })
  while (canWrite(impatient)) await setTimeout(1)
  expect(cache.has('held')).toBe(false)
  return holder
}

function canWrite(cache: Cache): boolean {
  try {
    cache.expire()
    return true
  } catch {
    return false
  }
}

test('Cache.configure() reaches another process within a second of its clock', { timeout: limit }, async ({
  directory,
}) => {
  let now = Date.now()
  using cache = new Cache(directory, { clock: () => now })
  cache.set('a', Buffer.alloc(1_000))
  expect(valueFilesIn(directory)).toHaveLength(0)
  await results([
    Child.process(moduleOf('configuring-worker'), { directory, settings: { minFileSize: 500 } }, { limit }),
  ])
  now += 1_000
  cache.set('a', Buffer.alloc(1_000))
  expect(valueFilesIn(directory)).toHaveLength(1)
  expect(cache.settings.minFileSize).toBe(500)
})

test('four processes that share requests keep about what one would, and so does one after a restart', {
  timeout: 120_000,
}, async ({ directory }) => {
  const requests = 20_000
  const job = (name: string, part: Omit<ReplayJob, 'directory'>): ReplayJob => {
    const path = join(directory, name)
    new Cache(path, { sizeLimit: 1_300_000 }).close()
    return { directory: path, ...part }
  }
  const one = replay(job('one', { from: 0, to: requests, step: 1 }))
  const half = requests / 2
  const restarted =
    replay(job('restarted', { from: 0, to: half, step: 1 })) +
    replay(job('restarted', { from: half, to: requests, step: 1 }))
  const children = [0, 1, 2, 3].map((from) => {
    const part = job('four', { from, to: requests, step: 4 })
    return Child.process<number>(moduleOf('replay-worker'), part, { limit: 90_000 })
  })
  const four = (await results(children)).reduce((sum, hits) => sum + hits, 0)
  expect(one / requests).toBeGreaterThan(0.3)
  expect(Math.abs(restarted - one) / requests).toBeLessThan(0.01)
  expect((one - four) / requests).toBeLessThan(0.02)
  expectSound(join(directory, 'four'))
})
