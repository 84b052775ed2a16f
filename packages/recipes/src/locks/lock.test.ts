import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { type AsyncStore, lockChannel } from '@diskcache/core'
import { FakeClock } from '@diskcache/testkit'
import { Memory, MemoryStore } from '@diskcache/testkit/memory'
import { expect, test, vi } from 'vitest'
import { Averager, BoundedSemaphore, getOrSet, Lock, setIfNewer, TokenBucket } from '../index.ts'

/** A store that counts what it is asked. */
function counted<S extends AsyncStore>(store: S): { store: S; counts: Record<string, number> } {
  const counts: Record<string, number> = {}
  const proxy = new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        counts[String(name)] = (counts[String(name)] ?? 0) + 1
        return Reflect.apply(member, target, args)
      }
    },
  })
  return { store: proxy, counts }
}

test('Lock, with an uncontended run, costs two updates and nothing else', async () => {
  const { store, counts } = counted(new MemoryStore())
  await new Lock(store, 'k').run(() => {})
  expect(counts).toEqual({ update: 2 })
})

test('Lock.acquire() watches once for all who wait in a process', async () => {
  const memory = new Memory()
  const hold = await new Lock(new MemoryStore({ memory }), 'k').acquire()
  const { store, counts } = counted(new MemoryStore({ memory }))
  const waiting = Array.from({ length: 100 }, () => new Lock(store, 'k').run(() => {}))
  await delay(50)
  expect(counts).toEqual({ update: 1, get: 1, waitFor: 1 })
  await hold.release()
  await Promise.all(waiting)
})

test('hold.lost fires at the end of the lease, also when its timer runs a moment too early', async () => {
  vi.useFakeTimers()
  try {
    const store = new MemoryStore()
    const hold = await new Lock(store, 'k', { lease: 900 }).acquire()
    vi.spyOn(store, 'update').mockRejectedValue(new Error('no answer'))
    // Timers count whole milliseconds, and clocks do not.
    for (const clock of [performance, Date]) {
      const now = clock.now.bind(clock)
      vi.spyOn(clock, 'now').mockImplementation(() => now() - 0.5)
    }
    let isLost = false
    hold.lost.addEventListener('abort', () => {
      isLost = true
    })
    await vi.advanceTimersByTimeAsync(902)
    expect(isLost).toBe(true)
  } finally {
    vi.restoreAllMocks()
    vi.useRealTimers()
  }
})

test('Lock.acquire() asks seldom while other things change', async () => {
  const memory = new Memory()
  const busy = new MemoryStore({ memory })
  const hold = await new Lock(busy, 'k').acquire()
  const { store, counts } = counted(new MemoryStore({ memory }))
  const waiting = new Lock(store, 'k').acquire()
  const start = performance.now()
  for (let i = 0; i < 2_000; i++) {
    await busy.set('other', i)
    await turn()
  }
  const elapsed = performance.now() - start
  expect(counts.get).toBeLessThanOrEqual(elapsed / 2 + 2)
  expect(counts.update).toBe(1)
  await hold.release()
  await (await waiting).release()
})

test('rows that a decision depends on are pinned, those of many keys within their share', async () => {
  const memory = new Memory()
  const store = new MemoryStore({ memory })
  const holds = [await new Lock(store, 'k').acquire(), await new BoundedSemaphore(store, 'k', 2).acquire()]
  await new TokenBucket(store, { name: 'b', count: 2, per: 1_000 }).take()
  await setIfNewer(store, 'k', 1, 1)
  await new Averager(store, 'k').add(1)
  expect([...memory.rows.values()].map(({ pin }) => pin)).toEqual([true, true, 'share', true, 'share'])
  await Promise.all(holds.map((hold) => hold.release()))
})

test('a released lock keeps its row for a day', async () => {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock: clock.now })
  await new Lock(store, 'k').run(() => {})
  clock.advance(86_399_999)
  expect(await store.has(['diskcache', 'lock', 'k'])).toBe(true)
  clock.advance(1)
  expect(await store.has(['diskcache', 'lock', 'k'])).toBe(false)
})

test('recipes accept a Store, and use its promises', async () => {
  using cache = new Cache()
  const lock = new Lock(cache, 'k')
  const hold = await lock.acquire()
  expect(await new Lock(cache.promises, 'k').locked()).toBe(true)
  await hold.release()
  expect(await getOrSet(cache, 'k', () => 1)).toBe(1)
  const typed = new Cache<string, { name: string }>()
  expect(await new Lock(typed, 'k').locked()).toBe(false)
  expect(await new Lock(typed.promises, 'k').locked()).toBe(false)
  typed.close()
})

test('lockChannel tells of waits and losses', async () => {
  using cache = new Cache()
  const messages: Record<string, unknown>[] = []
  const listen = (message: unknown) => void messages.push(message as Record<string, unknown>)
  lockChannel.subscribe(listen)
  const lock = new Lock(cache, 'k')
  const hold = await lock.acquire()
  const waiting = lock.acquire()
  await delay(20)
  await hold.release()
  const lost = await waiting
  cache.delete(['diskcache', 'lock', 'k'])
  await expect(lost.release()).rejects.toThrow(/Cannot keep the lock 'k'/)
  lockChannel.unsubscribe(listen)
  const store = cache.directory
  expect(messages).toEqual([
    { store, key: 'k', reason: 'wait', waited: expect.any(Number) },
    { store, key: 'k', reason: 'lost', error: lost.lost.reason },
  ])
})
