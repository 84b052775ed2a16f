import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { test as base, expect } from 'vitest'
import { BloomFilter, getFenced, getOrSet, Lock, RollingCounter, setIfNewer } from '../src/index.ts'
import { Child } from './processes/child.ts'
import type { CountingJob } from './processes/counting-worker.ts'
import { mostAtATime, spansIn } from './processes/history.ts'
import type { HoldingJob } from './processes/holding-worker.ts'
import type { StoppedReport } from './processes/stopped-worker.ts'

const test = base.extend<{ directory: string; cache: Cache; children: Children }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  directory: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-recipes-'))
    await use(directory)
    rmSync(directory, { recursive: true, force: true })
  },
  cache: async ({ directory }, use) => {
    using cache = new Cache(join(directory, 'cache'))
    await use(cache)
    expect(cache.check()).toEqual([])
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  children: async ({}, use) => {
    await using children = new Children()
    await use(children)
  },
})

/** Windows cannot stop a process: there is no SIGSTOP, so such tests are skipped. */
const stoppingTest = test.skipIf(process.platform === 'win32')

/** All that were started; killed at the end. */
class Children extends AsyncDisposableStack {
  start(module: string, job: unknown): Child {
    return this.use(new Child(module, job))
  }

  /** So many that are ready. */
  async startReady(count: number, module: string, job: unknown): Promise<Child[]> {
    const children = Array.from({ length: count }, () => this.start(module, job))
    await Promise.all(children.map((child) => child.hear()))
    return children
  }
}

/** Kills one, which is replaced, and stops another for longer than a lease, again and again. */
async function disturb(children: Children, job: HoldingJob, rounds: number): Promise<void> {
  const workers = await children.startReady(4, 'holding-worker', job)
  for (let round = 0; round < rounds; round++) {
    await delay(100 + Math.random() * 50)
    const [killed, stopped] = [workers.shift(), workers[0]]
    killed?.signal('SIGKILL')
    stopped?.signal('SIGSTOP')
    workers.push(...(await children.startReady(1, 'holding-worker', job)))
    await delay(job.lease * 1.5)
    stopped?.signal('SIGCONT')
  }
  await delay(100)
  expect(workers.every(({ isRunning }) => isRunning)).toBe(true)
}

stoppingTest(
  'Lock, BoundedSemaphore: never more hold than may, while processes are killed and stopped',
  async ({ cache, directory, children }) => {
    const [locks, semaphores] = [join(directory, 'locks'), join(directory, 'semaphores')]
    await disturb(children, { directory: cache.directory, lease: 300, locks, semaphores }, 3)
    await children.disposeAsync()
    const spans = spansIn(locks)
    expect(mostAtATime(spans)).toBe(1)
    expect(mostAtATime(spansIn(semaphores))).toBe(2)
    const tokens = spans.map(({ token }) => token)
    expect(tokens.toSorted((a, b) => a - b)).toEqual(tokens)
    expect(spans.length).toBeGreaterThan(10)
  },
)

stoppingTest(
  'Lock: a holder that was stopped for longer than its lease finds that it is lost',
  async ({ cache, children }) => {
    const child = children.start('stopped-worker', { directory: cache.directory, lease: 900 })
    const token = await child.hear<number>()
    child.signal('SIGSTOP')
    await new Lock(cache, 'k').run(async (hold) => {
      expect(hold.token).toBeGreaterThan(token)
      expect(await setIfNewer(cache, 'k', 'fresh', hold.token)).toBe(true)
      child.signal('SIGCONT')
      child.tell('go on')
      const code = 'ERR_DISKCACHE_LOCK_LOST'
      expect(await child.hear<StoppedReport>()).toEqual({
        isAborted: true,
        checkCode: code,
        releaseCode: code,
        isStored: false,
      })
    })
    expect((await getFenced(cache, 'k'))?.value).toBe('fresh')
  },
)

test('getOrSet(): processes that find a key cold at once compute it once', async ({
  cache,
  directory,
  children,
}) => {
  const runs = join(directory, 'runs')
  const workers = await children.startReady(4, 'stampede-worker', { directory: cache.directory, runs })
  for (const worker of workers) worker.tell('go')
  const results = (await Promise.all(workers.map((worker) => worker.hear<number[]>()))).flat()
  expect(readFileSync(runs, 'utf8')).toBe('.')
  expect(results).toHaveLength(100)
  expect(new Set(results).size).toBe(1)
  expect(await getOrSet(cache, 'k', () => expect.unreachable())).toBe(results[0])
})

test('getOrSet() with failureTtl: processes together fail once, also those that come later', async ({
  cache,
  directory,
  children,
}) => {
  const runs = join(directory, 'runs')
  const job = { directory: cache.directory, runs }
  const workers = await children.startReady(3, 'failing-worker', job)
  for (const worker of workers) worker.tell('go')
  const failures = (await Promise.all(workers.map((worker) => worker.hear<unknown[]>()))).flat()
  const [later] = await children.startReady(1, 'failing-worker', job)
  later?.tell('go')
  failures.push(...((await later?.hear<unknown[]>()) ?? []))
  expect(readFileSync(runs, 'utf8')).toBe('.')
  expect(failures).toHaveLength(40)
  for (const failure of failures)
    expect(failure).toEqual({ name: 'RangeError', message: 'no luck', code: 'ERR_NO_LUCK' })
  expect(await getOrSet.forget(cache, 'k')).toBe(true)
  expect(await getOrSet(cache, 'k', () => 'luck')).toBe('luck')
})

test('throttle(): processes together never exceed the bucket', async ({ cache, children }) => {
  const job = { directory: cache.directory, duration: 1_000 }
  const workers = await children.startReady(4, 'throttled-worker', job)
  const start = process.hrtime.bigint()
  for (const worker of workers) worker.tell('go')
  const times = (await Promise.all(workers.map((worker) => worker.hear<bigint[]>()))).flat()
  const seconds = times.map((time) => Number(time - start) / 1e9).sort((a, b) => a - b)
  // One more, because the store's clock counts whole milliseconds.
  for (const [i, second] of seconds.entries()) expect(i + 1).toBeLessThanOrEqual(20 + 20 * second + 1)
  expect(seconds.length).toBeGreaterThan(20)
})

test('RollingCounter, BloomFilter: nothing that was confirmed is lost, while processes are killed', async ({
  cache,
  directory,
  children,
}) => {
  const journal = join(directory, 'journal')
  const job: CountingJob = { directory: cache.directory, journal }
  const workers = await children.startReady(3, 'counting-worker', job)
  let started = workers.length
  for (let round = 0; round < 5; round++) {
    await delay(100 + Math.random() * 50)
    workers.shift()?.signal('SIGKILL')
    workers.push(...(await children.startReady(1, 'counting-worker', job)))
    started++
  }
  await children.disposeAsync()
  const values = readFileSync(journal, 'utf8').trimEnd().split('\n')
  expect(values.length).toBeGreaterThan(50)
  const visits = new RollingCounter(cache, { name: 'visits', period: 'day', keep: 3 })
  const count = await visits.count('/', { last: 2 })
  expect(count).toBeGreaterThanOrEqual(values.length)
  // Each may have been killed between the count and its note.
  expect(count).toBeLessThanOrEqual(values.length + started)
  const seen = new BloomFilter(cache, { name: 'seen', capacity: 50_000, errorRate: 0.001 })
  expect((await seen.hasMany(values)).filter((isThere) => !isThere)).toEqual([])
})
