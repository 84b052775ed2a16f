import { MemoryStore } from '@diskcache/testkit/memory'
import { expect, test } from 'vitest'
import {
  Averager,
  BloomFilter,
  BoundedSemaphore,
  barrier,
  getOrSet,
  Lock,
  memoizeStampede,
  RLock,
  RollingCounter,
  setIfNewer,
  TokenBucket,
  throttle,
} from './index.ts'

const store = new MemoryStore()
const rate = { name: 'b', count: 3, per: 300 }
const counts = { name: 'c', period: 'hour', keep: 3 } as const
const filter = { name: 'f', capacity: 100, errorRate: 0.01 }
const nothing = () => {}

type Case = readonly [options: unknown, message: RegExp]

/** Misuse is named, with the option and the value. */
function expectMisuse(task: () => unknown, message: RegExp): void {
  expect(task).toThrow(/^Cannot use /)
  expect(task).toThrow(message)
}

async function expectRejection(task: () => Promise<unknown>, message: RegExp): Promise<void> {
  await expect(task()).rejects.toThrow(/^Cannot use /)
  await expect(task()).rejects.toThrow(message)
}

const LEASE_CASES: readonly Case[] = [
  [{ lease: 1 }, /lease.*100.*got 1/],
  [{ lease: Infinity }, /lease/],
  [{ lease: '5' }, /lease.*'5'/],
  [{ maxHold: 99 }, /maxHold.*100.*got 99/],
  [{ maxHold: Number.NaN }, /maxHold.*NaN/],
  [{ expire: 5 }, /'expire'.*lease, maxHold, tag/],
  [null, /options/],
]

test.for(LEASE_CASES)('Lock, RLock and BoundedSemaphore refuse the options %o', ([options, message]) => {
  expectMisuse(() => new Lock(store, 'k', options as object), message)
  expectMisuse(() => new RLock(store, 'k', options as object), message)
  expectMisuse(() => new BoundedSemaphore(store, 'k', 2, options as object), message)
})

const WAIT_CASES: readonly Case[] = [
  [{ timeout: -1 }, /timeout.*-1/],
  [{ timeout: Number.NaN }, /timeout.*NaN/],
  [{ timeout: 2 ** 31 }, /timeout/],
  [{ timeout: '1' }, /timeout.*'1'/],
  [{ signal: 1 }, /signal.*AbortSignal.*1/],
  [{ wait: 1 }, /'wait'.*timeout/],
]

test.for(WAIT_CASES)('what waits refuses %o', async ([wait, message]) => {
  const options = wait as object
  await expectRejection(() => new Lock(store, 'k').acquire(options), message)
  await expectRejection(() => new RLock(store, 'k').run(nothing, options), message)
  await expectRejection(() => new BoundedSemaphore(store, 'k', 1).acquire(options), message)
  await expectRejection(() => new TokenBucket(store, rate).take('k', options), message)
  await expectRejection(() => getOrSet(store, 'k', nothing, options), message)
  expectMisuse(() => throttle(store, nothing, { ...rate, ...options }), message)
  expectMisuse(() => barrier(store, nothing, { name: 'f', ...options }), message)
  expectMisuse(() => memoizeStampede(store, nothing, { name: 'f', ...options }), message)
})

const RATE_CASES: readonly Case[] = [
  [{ ...rate, count: 0 }, /count/],
  [{ ...rate, per: 0 }, /per/],
  [{ ...rate, per: Infinity }, /per/],
  [{ ...rate, name: '' }, /name/],
  [{ ...rate, name: undefined }, /name/],
  [{ ...rate, seconds: 1 }, /'seconds'/],
]

test.for(RATE_CASES)('TokenBucket and throttle() refuse %o', ([options, message]) => {
  expectMisuse(() => new TokenBucket(store, options as never), message)
  expectMisuse(() => throttle(store, nothing, options as never), message)
})

const COMPUTE_CASES: readonly Case[] = [
  [{ ttl: -1 }, /ttl/],
  [{ ttl: '1' }, /ttl: expected a number, \{ min, max \} or a function, got '1'/],
  [{ keep: true }, /keep.*function.*true/],
  [{ failureTtl: -1 }, /failureTtl.*-1/],
  [{ failureTtl: Infinity }, /failureTtl.*Infinity/],
  [{ failureTtl: '1' }, /failureTtl: expected a number or a function, got '1'/],
  [{ staleFor: Number.NaN }, /staleFor/],
  [{ beta: -1 }, /beta/],
  [{ lease: 1 }, /lease/],
  [{ onError: 1 }, /onError/],
  [{ expire: 1 }, /'expire'/],
]

test.for(COMPUTE_CASES)('getOrSet() and memoizeStampede() refuse %o', async ([options, message]) => {
  await expectRejection(() => getOrSet(store, 'k', nothing, options as object), message)
  expectMisuse(() => memoizeStampede(store, nothing, { name: 'f', ...(options as object) }), message)
})

test.for([0, -1, 1.5, Number.NaN, '2'])('BoundedSemaphore refuses a value of %o', (value) => {
  expectMisuse(() => new BoundedSemaphore(store, 'k', value as number), /value/)
})

test.for([-1, 1.5, Number.NaN, Infinity, '5'])('setIfNewer() refuses a token of %o', async (token) => {
  await expectRejection(() => setIfNewer(store, 'k', 1, token as number), /token/)
  await expectRejection(() => setIfNewer(store, 'k', 1, 1, { expire: 1 } as object), /'expire'/)
})

test.for([Number.NaN, Infinity, '1', undefined])('Averager.add() refuses %o', async (value) => {
  await expectRejection(() => new Averager(store, 'k').add(value as number), /value/)
  expectMisuse(() => new Averager(store, 'k', { lease: 1 } as object), /'lease'/)
})

const COUNTER_CASES: readonly Case[] = [
  [{ ...counts, name: '' }, /name/],
  [{ ...counts, period: 'week' }, /period.*'minute', 'hour', 'day'.*'week'/],
  [{ ...counts, period: 'toString' }, /period/],
  [{ ...counts, period: undefined }, /period/],
  [{ ...counts, period: 0 }, /period.*got 0/],
  [{ ...counts, period: 1.5 }, /period/],
  [{ ...counts, period: 366 * 86_400_000 + 1 }, /period/],
  [{ ...counts, keep: 0 }, /keep/],
  [{ ...counts, keep: 1_441 }, /keep.*1440.*got 1441/],
  [{ ...counts, ttl: 1 }, /'ttl'/],
  [{ ...counts, tag: {} }, /tag \{\}/],
  [{ ...counts, pin: 'x' }, /pin.*'x'/],
]

test.for(COUNTER_CASES)('RollingCounter refuses %o', ([options, message]) => {
  expectMisuse(() => new RollingCounter(store, options as never), message)
})

test.for([0, -1, 1.5, Number.NaN, Infinity, '2'])('RollingCounter.incr() refuses %o events', async (by) => {
  await expectRejection(() => new RollingCounter(store, counts).incr('k', by as number), /by/)
})

const RANGE_CASES: readonly Case[] = [
  [{ last: 0 }, /last/],
  [{ last: 4 }, /last.*from 1 to 3, got 4/],
  [{ since: Number.NaN }, /since/],
  [{ since: new Date(Number.NaN) }, /since/],
  [{ since: '2026-01-01' }, /since: expected a number or a Date, got '2026-01-01'/],
  [{ last: 1, since: 0 }, /since beside last/],
  [{ first: 1 }, /'first'.*last, since/],
  [null, /range/],
]

test.for(RANGE_CASES)('RollingCounter.count() and series() refuse the range %o', async ([range, message]) => {
  const counter = new RollingCounter(store, counts)
  await expectRejection(() => counter.count('k', range as object), message)
  await expectRejection(() => counter.series('k', range as object), message)
})

const FILTER_CASES: readonly Case[] = [
  [{ ...filter, name: '' }, /name/],
  [{ ...filter, capacity: 0 }, /capacity/],
  [{ ...filter, capacity: 1.5 }, /capacity/],
  [{ ...filter, capacity: 1e9 }, /capacity of 1000000000.*32 MiB/],
  [{ ...filter, errorRate: 0 }, /errorRate/],
  [{ ...filter, errorRate: 0.6 }, /errorRate/],
  [{ ...filter, ttl: 0 }, /ttl/],
  [{ ...filter, pin: true }, /'pin'/],
  [{ ...filter, tag: [{}] }, /tag \{\}/],
]

test.for(FILTER_CASES)('BloomFilter refuses %o', ([options, message]) => {
  expectMisuse(() => new BloomFilter(store, options as never), message)
})

test('everything refuses stores, keys and functions that are none', async () => {
  for (const none of [undefined, null, 'directory', {}, { promises: {} }]) {
    expectMisuse(() => new Lock(none as never, 'k'), /expected a Store or an AsyncStore/)
  }
  expectMisuse(() => new Lock(store, Symbol('k') as never), /as a key/)
  expectMisuse(() => new BoundedSemaphore(store, nothing as never, 1), /as a key/)
  await expectRejection(() => getOrSet(store, new Map(), nothing), /as a key/)
  await expectRejection(() => new RollingCounter(store, counts).incr(nothing as never), /as a key/)
  await expectRejection(() => new BloomFilter(store, filter).add(nothing as never), /as a key/)
  await expectRejection(() => new BloomFilter(store, filter).add(undefined as never), /undefined as a key/)
  await expectRejection(() => new BloomFilter(store, filter).has(Symbol('k') as never), /as a key/)
  await expectRejection(() => new BloomFilter(store, filter).addMany(5 as never), /values.*iterable.*5/)
  await expectRejection(() => new Lock(store, 'k').run('body' as never), /body/)
  await expectRejection(() => new RLock(store, 'k').run('body' as never), /body/)
  await expectRejection(() => getOrSet(store, 'k', 'make' as never), /make/)
  expectMisuse(() => throttle(store, 'fn' as never, rate), /fn/)
  expectMisuse(() => barrier(store, 'fn' as never, { name: 'f' }), /fn/)
  expectMisuse(() => barrier(store, nothing, { name: '' }), /name/)
  expectMisuse(() => barrier(store, nothing, { name: 'f', lock: 1 as never }), /lock/)
  expectMisuse(() => barrier(store, nothing, { name: 'f', share: 1 as never }), /share.*got 1/)
  expectMisuse(
    () => throttle(store, nothing, { ...rate, overflow: 'drop' as never }),
    /overflow.*'skip'.*'drop'/,
  )
  expectMisuse(() => throttle(store, nothing, { ...rate, overflow: 'skip', timeout: 5 }), /timeout.*got 5/)
  expectMisuse(() => memoizeStampede(store, 'fn' as never, { name: 'f' }), /fn/)
  expectMisuse(() => memoizeStampede(store, nothing, {} as never), /name/)
  expect(await store.count()).toBe(0)
})
