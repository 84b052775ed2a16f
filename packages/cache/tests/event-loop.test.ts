import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Cache } from '@diskcache/cache'
import { test as base, expect } from 'vitest'
import type { CountingJob } from './event-loop/counting-worker.ts'
import { Locked } from './event-loop/locked.ts'
import { Ticker } from './event-loop/ticker.ts'
import { Child, meet, results } from './processes/child.ts'
import { valueFilesIn } from './processes/directory-walk.ts'
import { expectSound } from './processes/soundness.ts'

const limit = 30_000
const LARGE = Buffer.alloc(100_000)
const TIMEOUT = expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' })
const CLOSED = expect.objectContaining({ code: 'ERR_DISKCACHE_CLOSED' })

const test = base.extend<{ directory: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  directory: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-event-loop-'))
    await use(directory)
    expectSound(directory)
    rmSync(directory, { recursive: true, force: true })
  },
})

function moduleOf(name: string): URL {
  return new URL(`./event-loop/${name}.ts`, import.meta.url)
}

/** Runs a program to its end; rejects when that is not exit code 0, or does not come. */
async function run(name: string, ...args: readonly string[]): Promise<void> {
  const env = { ...process.env, NODE_OPTIONS: '' }
  await promisify(execFile)(process.execPath, [fileURLToPath(moduleOf(name)), ...args], {
    env,
    timeout: limit,
    killSignal: 'SIGKILL',
  })
}

test('promises keep the loop turning, reads answering and writes in order while the lock is held for 3 s', {
  timeout: limit,
}, async ({ directory }) => {
  await using promises = new Cache(directory).promises
  await promises.setMany([
    ['inline', 'value'],
    ['in a file', LARGE],
  ])
  await using locked = await Locked.take(directory)
  const completed: number[] = []
  const writes = Array.from({ length: 20 }, (_, i) =>
    promises.set(`waiting ${i}`, i % 5 === 0 ? LARGE : i).then(() => completed.push(i)),
  )
  using ticker = new Ticker()
  let reads = 0
  for (const end = performance.now() + 3_000; performance.now() < end; reads++) {
    expect(await promises.get('inline')).toBe('value')
    expect(await promises.get('in a file')).toEqual(LARGE)
    await setTimeout(1)
  }
  expect(completed).toEqual([])
  expect(ticker.ticks).toBeGreaterThanOrEqual(20)
  expect(reads).toBeGreaterThanOrEqual(20)

  await locked.release()
  await Promise.all(writes)
  expect(completed).toEqual([...Array(20).keys()])
  expect(await promises.count()).toBe(22)
})

test('promises.set() keeps order on one key while it waits, whatever form the values have', {
  timeout: limit,
}, async ({ directory }) => {
  await using promises = new Cache(directory).promises
  await using locked = await Locked.take(directory)
  const values = Array.from({ length: 20 }, (_, i) => (i % 3 === 0 ? Buffer.alloc(50_000, i) : i))
  const found = values.map((value) => {
    promises.set('key', value)
    return promises.get('key')
  })
  await setTimeout(50)
  await locked.release()
  expect(await Promise.all(found)).toEqual(values)
})

test('a process stays alive until the promises.set() that it awaits is committed', {
  timeout: limit,
}, async ({ directory }) => {
  new Cache(directory).close()
  await using locked = await Locked.take(directory)
  let hasEnded = false
  const ended = run('write-and-end', directory, 'in time').finally(() => {
    hasEnded = true
  })
  await setTimeout(1_500)
  expect(hasEnded).toBe(false)
  await locked.release()
  await ended
  using cache = new Cache(directory)
  expect(cache.get('written')).toBe('in time')
})

test('a process with an open cache and nothing pending ends by itself', { timeout: limit }, async ({
  directory,
}) => {
  await run('open-and-end', directory)
  using cache = new Cache(directory)
  expect(cache.get('key')).toBe('value')
})

test('promises.incr() counts exactly in four threads beside four processes', { timeout: limit }, async ({
  directory,
}) => {
  const job: CountingJob = { directory, count: 200, inFlight: 10 }
  const workers = Array.from({ length: 8 }, (_, i) =>
    i % 2 === 0
      ? Child.process<number[]>(moduleOf('counting-worker'), job, { limit })
      : Child.thread<number[]>(moduleOf('counting-worker'), job, { limit }),
  )
  await meet(workers)
  const sums = await results(workers)
  for (const own of sums) expect(own).toEqual(own.toSorted((a, b) => a - b))
  const all = sums.flat().sort((a, b) => a - b)
  expect(all).toEqual(Array.from({ length: 1_600 }, (_, i) => i + 1))
})

test('an operation that is aborted while it waits rejects before the lock is free, and has no effect', {
  timeout: limit,
}, async ({ directory }) => {
  await using promises = new Cache(directory).promises
  await promises.set('kept', 'value')
  await using locked = await Locked.take(directory)
  const { signal, abort } = aborter()
  const aborted = [
    promises.set('small', 1, { signal }),
    promises.set('large', LARGE, { signal }),
    promises.delete('kept', { signal }),
    promises.transact((cache) => cache.set('in a transaction', 1), { signal }),
    promises.clear({ signal }),
  ]
  const outcomes = Promise.allSettled(aborted)
  const neighbour = promises.set('neighbour', 1)
  await setTimeout(50)
  const reason = abort()
  expect(await outcomes).toEqual(aborted.map(() => ({ status: 'rejected', reason })))
  expect(locked.isHeld).toBe(true)

  await locked.release()
  await neighbour
  expect(await Array.fromAsync(promises.keys())).toEqual(['kept', 'neighbour'])
})

function aborter(): { signal: AbortSignal; abort: () => Error } {
  const controller = new AbortController()
  const reason = new Error('enough')
  const abort = () => {
    controller.abort(reason)
    return reason
  }
  return { signal: controller.signal, abort }
}

test('an operation that waits for longer than asyncTimeout rejects and leaves no file', {
  timeout: limit,
}, async ({ directory }) => {
  const cache = new Cache(directory, { asyncTimeout: 200 })
  await using promises = cache.promises
  await using locked = await Locked.take(directory)
  const waiting = [
    promises.set('large', LARGE),
    promises.set('small', 1),
    promises.write('streamed', chunks(LARGE)),
    promises.incr('counter'),
    promises.transact(() => expect.unreachable()),
  ]
  for (const outcome of await Promise.allSettled(waiting))
    expect(outcome).toEqual({ status: 'rejected', reason: TIMEOUT })
  expect(locked.isHeld).toBe(true)
  expect(valueFilesIn(cache.directory)).toEqual([])

  await locked.release()
  expect(await promises.count()).toBe(0)
  expect(await promises.set('large', LARGE)).toBe(true)
})

async function* chunks(...bytes: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of bytes) {
    await setImmediate()
    yield chunk
  }
}

test('Cache.close() rejects what is pending, which then has no effect', { timeout: limit }, async ({
  directory,
}) => {
  const cache = new Cache(directory)
  const { promises } = cache
  {
    await using locked = await Locked.take(directory)
    const pending = [
      promises.set('small', 1),
      promises.set('large', LARGE),
      promises.write('streamed', chunks(LARGE, LARGE)),
      promises.getMany(['small', 'large']),
      promises.transact(() => expect.unreachable()),
    ]
    const outcomes = Promise.allSettled(pending)
    await setTimeout(50)
    cache.close()
    expect(await outcomes).toEqual(pending.map(() => ({ status: 'rejected', reason: CLOSED })))
    expect(locked.isHeld).toBe(true)
  }
  using reopened = new Cache(directory)
  expect(reopened.size).toBe(0)
  expect(valueFilesIn(directory)).toEqual([])
})

test('promises.close() finishes what was accepted, and aborts a write whose source has not ended', {
  timeout: limit,
}, async ({ directory }) => {
  const { promises } = new Cache(directory)
  const source = endless()
  const unfinished = expect(promises.write('streamed', source.chunks)).rejects.toEqual(CLOSED)
  await source.isRead
  const locked = await Locked.take(directory)
  const accepted = [
    promises.set('small', 1),
    promises.set('large', LARGE),
    promises.transact((cache) => cache.set('in a transaction', 1)),
    promises.incr('counter').then((sum) => sum === 1),
  ]
  const closed = promises.close()
  await unfinished
  await expect(promises.get('small')).rejects.toEqual(CLOSED)
  await locked.release()
  expect(await Promise.all([...accepted, closed])).toEqual([true, true, true, true, undefined])

  using reopened = new Cache(directory)
  expect([...reopened.keys()].sort()).toEqual(['counter', 'in a transaction', 'large', 'small'])
  expect(valueFilesIn(directory)).toHaveLength(1)
})

/** A source that gives two chunks and then waits for ever, and a promise for that moment. */
function endless(): { chunks: AsyncIterable<Uint8Array>; isRead: Promise<void> } {
  const read = Promise.withResolvers<void>()
  async function* give() {
    yield LARGE
    yield LARGE
    read.resolve()
    await new Promise(() => {})
  }
  return { chunks: give(), isRead: read.promise }
}
