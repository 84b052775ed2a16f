import { setTimeout as delay } from 'node:timers/promises'
import type { AsyncStore } from '@diskcache/core'
import { describe, expect, vi } from 'vitest'
import { asyncStoreTest, type OpenAsyncStore } from '../async-store-test.ts'
import type { Hold, Recipes } from './recipes.ts'

const LOST = { code: 'ERR_DISKCACHE_LOCK_LOST' }
const TIMEOUT = { code: 'ERR_DISKCACHE_LOCK_TIMEOUT' }
const LEASE = 30_000

/** What `Lock` does on any engine. A store that is opened again stands for another process. */
export function lockContract(name: string, open: OpenAsyncStore, { Lock }: Recipes): void {
  const test = asyncStoreTest(open)

  /** A holder whose process died. */
  async function abandon(store: AsyncStore, key = 'k', lease = 100): Promise<Hold> {
    const hold = await new Lock(store, key, { lease }).acquire()
    await store.close()
    return hold
  }

  describe(`${name}: Lock excludes`, () => {
    test('Lock.acquire() waits for another process to release', async ({ store, reopen }) => {
      const [here, there] = [new Lock(store, 'k'), new Lock(reopen(), 'k')]
      const events: string[] = []
      const hold = await here.acquire()
      const waiting = there.acquire().then((hold) => {
        events.push('acquired')
        return hold
      })
      await delay(50)
      events.push('released')
      await hold.release()
      await (await waiting).release()
      expect(events).toEqual(['released', 'acquired'])
    })

    test('Lock.tryAcquire() and locked() tell whether it is free', async ({ store, reopen }) => {
      const [here, there] = [new Lock(store, 'k'), new Lock(reopen(), 'k')]
      expect(await here.locked()).toBe(false)
      const hold = await here.tryAcquire()
      expect(hold).toBeDefined()
      expect([await there.tryAcquire(), await here.tryAcquire()]).toEqual([undefined, undefined])
      expect(await there.locked()).toBe(true)
      await hold?.release()
      expect(await there.locked()).toBe(false)
      await (await there.tryAcquire())?.release()
    })

    test('Lock.run() never lets two bodies overlap, and loses no turn', async ({ store, reopen }) => {
      const locks = [store, reopen(), reopen()].map((store) => new Lock(store, ['k', 1]))
      let inside = 0
      let count = 0
      const body = async () => {
        expect(++inside).toBe(1)
        await delay(1)
        count++
        inside--
      }
      await Promise.all(Array.from({ length: 30 }, (_, i) => locks[i % 3]?.run(body)))
      expect(count).toBe(30)
    })

    test('Lock.acquire() serves one process in order, whichever object it is called on', async ({
      store,
    }) => {
      const order: number[] = []
      const hold = await new Lock(store, 'k').acquire()
      const waiting = Array.from({ length: 5 }, (_, i) =>
        new Lock(store, 'k').run(() => {
          order.push(i)
        }),
      )
      await hold.release()
      await Promise.all(waiting)
      expect(order).toEqual([0, 1, 2, 3, 4])
    })

    test('locks with different keys do not meet', async ({ store }) => {
      const keys = ['1', 1, [1], ['1'], null, { a: 1 }]
      const holds = await Promise.all(keys.map((key) => new Lock(store, key).acquire({ timeout: 0 })))
      await Promise.all(holds.map((hold) => hold.release()))
      const hold = await new Lock(store, { a: 1, b: 2 }).acquire()
      expect(await new Lock(store, { b: 2, a: 1 }).tryAcquire()).toBeUndefined()
      await hold.release()
    })
  })

  describe(`${name}: Lock stops waiting`, () => {
    test.for([0, 20])(
      'Lock.acquire() gives up after a timeout of %i, and leaves the lock alone',
      async (timeout, { store, reopen }) => {
        const hold = await new Lock(store, 'k').acquire()
        const other = new Lock(reopen(), 'k')
        await expect(other.acquire({ timeout })).rejects.toMatchObject({ ...TIMEOUT, key: 'k' })
        await hold.release()
        await (await other.acquire({ timeout: 10_000 })).release()
      },
    )

    test('Lock.acquire() gives up in line, too, and those behind move up', async ({ store }) => {
      const lock = new Lock(store, 'k')
      const hold = await lock.acquire()
      const reason = new Error('enough')
      const controller = new AbortController()
      const { signal } = controller
      const results = Promise.allSettled([
        lock.acquire({ signal }),
        lock.acquire({ timeout: 10 }),
        lock.acquire({ signal }),
        lock.acquire().then((hold) => hold.release()),
      ])
      await delay(30)
      controller.abort(reason)
      await hold.release()
      expect(await results).toMatchObject([
        { reason },
        { reason: TIMEOUT },
        { reason },
        { status: 'fulfilled' },
      ])
      expect(await lock.locked()).toBe(false)
    })

    test('an aborted signal rejects with its reason at once', async ({ store }) => {
      const reason = new Error('aborted')
      const signal = AbortSignal.abort(reason)
      const lock = new Lock(store, 'k')
      await expect(lock.acquire({ signal })).rejects.toBe(reason)
      await expect(lock.tryAcquire({ signal })).rejects.toBe(reason)
      await expect(lock.run(() => {}, { signal })).rejects.toBe(reason)
      expect(await lock.locked()).toBe(false)
    })

    test('waiting ends when the store is closed', async ({ store, reopen }) => {
      const other = reopen()
      const hold = await new Lock(store, 'k').acquire()
      const waiting = expect(new Lock(other, 'k').acquire()).rejects.toMatchObject({
        code: 'ERR_DISKCACHE_CLOSED',
      })
      await delay(10)
      await other.close()
      await waiting
      await hold.release()
    })
  })

  describe(`${name}: Lock has a lease`, () => {
    test('a dead holder frees the lock when its lease is over, and not before', async ({
      store,
      reopen,
      clock,
    }) => {
      await abandon(reopen(), 'k', LEASE)
      const lock = new Lock(store, 'k')
      clock.advance(LEASE - 1)
      expect(await lock.tryAcquire()).toBeUndefined()
      clock.advance(1)
      expect(await lock.locked()).toBe(false)
      await (await lock.acquire({ timeout: 0 })).release()
    })

    test('those who wait take over from a dead holder', async ({ store, reopen, clock }) => {
      await abandon(reopen())
      const waiting = new Lock(store, 'k').acquire()
      await delay(20)
      clock.advance(100)
      await (await waiting).release()
    })

    test('a living holder renews it', async ({ store, reopen, clock }) => {
      const lease = 1_500
      const hold = await new Lock(store, 'k', { lease }).acquire()
      const other = new Lock(reopen(), 'k')
      clock.advance(lease - 1)
      const until = async () => JSON.stringify(await store.get(['diskcache', 'lock', 'k']))
      const first = await until()
      while ((await until()) === first) await delay(20)
      clock.advance(lease - 1)
      expect(await other.locked()).toBe(true)
      hold.check()
      await hold.release()
    })

    test('a hold is lost with its row', async ({ store }) => {
      const hold = await new Lock(store, 'k', { lease: 300 }).acquire()
      expect(hold.lost.aborted).toBe(false)
      await store.delete(['diskcache', 'lock', 'k'])
      await aborted(hold.lost)
      expect(hold.lost.reason).toMatchObject({ ...LOST, key: 'k' })
      expect(() => hold.check()).toThrow(expect.objectContaining(LOST))
      await expect(hold.release()).rejects.toMatchObject(LOST)
    })

    test('a hold is lost with its store', async ({ reopen }) => {
      const hold = await abandon(reopen(), 'k', 900)
      await aborted(hold.lost)
      expect(hold.lost.reason.message).toContain('its store is closed')
      await expect(hold.release()).rejects.toMatchObject(LOST)
    })

    test.for([['monotonic clock', performance] as const, ['wall clock', Date] as const])(
      'Hold.check() and lost notice at once that the %s has passed the lease',
      async ([, clock], { store }) => {
        const hold = await new Lock(store, 'k').acquire()
        hold.check()
        const later = clock.now() + LEASE + 1
        using now = vi.spyOn(clock as { now(): number }, 'now').mockReturnValue(later)
        expect(() => hold.check()).toThrow(expect.objectContaining(LOST))
        expect(hold.lost.aborted).toBe(true)
        now.mockRestore()
        await expect(hold.release()).rejects.toMatchObject(LOST)
        expect(await new Lock(store, 'k').locked()).toBe(false)
      },
    )
  })

  describe(`${name}: Hold.release()`, () => {
    test('of a lost lock throws, and frees nobody else', async ({ store, reopen, clock }) => {
      const lost = await new Lock(store, 'k').acquire()
      clock.advance(LEASE)
      const lock = new Lock(reopen(), 'k')
      const hold = await lock.acquire({ timeout: 0 })
      await expect(lost.release()).rejects.toMatchObject(LOST)
      await expect(lost.release()).rejects.toMatchObject(LOST)
      expect(lost.lost.aborted).toBe(true)
      expect(await lock.locked()).toBe(true)
      await hold.release()
    })

    test('again does nothing, also when others have the lock', async ({ store }) => {
      const lock = new Lock(store, 'k')
      const hold = await lock.acquire()
      await Promise.all([hold.release(), hold.release()])
      const next = await lock.acquire()
      await hold.release()
      expect(await lock.locked()).toBe(true)
      expect(() => hold.check()).toThrow(expect.objectContaining(LOST))
      expect(hold.lost.aborted).toBe(false)
      await next.release()
    })

    test('happens at the end of a scope', async ({ store }) => {
      const lock = new Lock(store, 'k')
      {
        await using hold = await lock.acquire()
        hold.check()
        expect(await lock.locked()).toBe(true)
      }
      expect(await lock.locked()).toBe(false)
    })
  })

  describe(`${name}: Lock.run()`, () => {
    test('gives what the body gives, and releases', async ({ store }) => {
      const lock = new Lock(store, 'k')
      expect(await lock.run(async ({ token }) => token > 0)).toBe(true)
      expect(await lock.run(() => 'sync')).toBe('sync')
      const error = new Error('body failed')
      const fail = () => {
        throw error
      }
      await expect(lock.run(fail)).rejects.toBe(error)
      expect(await lock.locked()).toBe(false)
    })

    test('rejects when the lock was lost meanwhile, unless the body failed', async ({
      store,
      reopen,
      clock,
    }) => {
      const other = new Lock(reopen(), 'k')
      const error = new Error('body failed')
      const lose = async () => {
        clock.advance(LEASE)
        await (await other.acquire({ timeout: 0 })).release()
      }
      await expect(new Lock(store, 'k').run(lose)).rejects.toMatchObject(LOST)
      const loseAndFail = () => lose().then(() => Promise.reject(error))
      await expect(new Lock(store, 'k').run(loseAndFail)).rejects.toBe(error)
    })
  })

  describe(`${name}: Hold.token`, () => {
    test('increases over releases, lapses, deletion of the row, and a clock that is set back', async ({
      store,
      reopen,
      clock,
    }) => {
      const lock = new Lock(store, 'k')
      const tokens: number[] = []
      const take = async () => {
        const hold = await lock.acquire({ timeout: 0 })
        tokens.push(hold.token)
        await hold.release()
      }
      await take()
      await take()
      clock.advance(-3_600_000)
      await take()
      tokens.push((await abandon(reopen(), 'k', LEASE)).token)
      clock.advance(LEASE)
      await take()
      clock.advance(3_600_000)
      await store.delete(['diskcache', 'lock', 'k'])
      await take()
      clock.advance(10 * 86_400_000)
      await store.expire()
      await take()
      expect(tokens.toSorted((a, b) => a - b)).toEqual(tokens)
      expect(new Set(tokens).size).toBe(tokens.length)
      expect(tokens.every(Number.isSafeInteger)).toBe(true)
    })
  })

  describe(`${name}: a closed store`, () => {
    test('has no locks', async ({ reopen }) => {
      const store = reopen()
      const lock = new Lock(store, 'k')
      await store.close()
      await expect(lock.acquire()).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
      await expect(lock.locked()).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    })
  })
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
}
