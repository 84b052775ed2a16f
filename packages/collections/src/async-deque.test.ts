import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { expect, vi } from 'vitest'
import { Deque } from './deque.ts'

const test = directoryTest.extend<{ deque: Deque<number>; other: Deque<number> }>({
  deque: async ({ directory }, use) => {
    using deque = new Deque<number>(directory)
    await use(deque)
  },
  other: async ({ directory }, use) => {
    using other = new Deque<number>(directory)
    await use(other)
  },
})

/** Resolves when somebody waits for an item, and has looked in vain. Call it before. */
function untilWaiting({ promises }: Deque<number>): Promise<unknown> {
  const { cache } = promises
  const waitFor = cache.waitFor.bind(cache)
  const waiting = new Promise<void>((resolve) => {
    vi.spyOn(cache, 'waitFor').mockImplementation((...args) => {
      resolve()
      return waitFor(...args)
    })
  })
  // What is asked for after the look at the items comes after it.
  return waiting.then(() => promises.length())
}

test('Deque.promises does what the synchronous face does', async ({ deque }) => {
  const { promises } = deque
  const results = await Promise.all([
    promises.append(2),
    promises.appendLeft(1),
    promises.extend([3, 4]),
    promises.extendLeft([0, -1]),
    promises.length(),
    promises.peek(),
    promises.peekLeft(),
    promises.at(-2),
    promises.set(0, 10),
    promises.delete(1),
    promises.insert(1, 11),
    promises.peek(),
    promises.rotate(),
    promises.reverse(),
    promises.pop(),
    promises.popLeft(),
  ])
  const none = undefined
  expect(results.slice(4)).toEqual([6, 4, -1, 3, none, true, none, 4, none, none, 4, 3])
  expect(await promises.equals([2, 1, 11, 10])).toBe(true)
  expect(await promises.equals([2, 1])).toBe(false)
  expect(await promises.indexOf(11)).toBe(2)
  expect(await promises.count(11)).toBe(1)
  expect(await promises.remove(2)).toBe(true)
  expect(await promises.remove(2)).toBe(false)
  expect(await Array.fromAsync(promises)).toEqual([1, 11, 10])
  expect(await Array.fromAsync(promises.reversed())).toEqual([10, 11, 1])
  expect(await promises.transact((face) => face.pop())).toBe(10)
  await promises.clear()
  expect(deque.length).toBe(0)
})

test('Deque.promises heeds the maxLength', async ({ deque }) => {
  deque.maxLength = 2
  await Promise.all([1, 2, 3].map((value) => deque.promises.append(value)))
  await deque.promises.appendLeft(0)
  expect([...deque]).toEqual([0, 2])
})

test('Deque.promises takeLeft() waits for an item of another process', async ({ deque, other }) => {
  const waiting = untilWaiting(deque)
  const taken = deque.promises.takeLeft()
  await waiting
  other.append(1)
  expect(await taken).toBe(1)
  expect(deque.length).toBe(0)
})

test('Deque.promises take() and takeLeft() serve callers in the order in which they came', async ({
  deque,
  other,
}) => {
  const { promises } = deque
  const taken = Promise.all([promises.takeLeft(), promises.take(), promises.takeLeft()])
  other.extend([1, 2, 3])
  expect(await taken).toEqual([1, 3, 2])
})

test('Deque.promises takeLeft() gives undefined when the time is up, and loses nothing', async ({
  deque,
  other,
}) => {
  const { promises } = deque
  expect(await promises.takeLeft({ timeout: 0 })).toBeUndefined()
  const first = promises.takeLeft({ timeout: 5 })
  const second = promises.takeLeft()
  expect(await first).toBeUndefined()
  other.append(1)
  expect(await second).toBe(1)
  other.append(2)
  expect(await promises.takeLeft({ timeout: 0 })).toBe(2)
})

test('Deque.promises takeLeft() rejects with the reason of its signal, and lets the next one through', async ({
  deque,
  other,
}) => {
  const { promises } = deque
  const stop = new AbortController()
  const reason = new Error('stopped')
  const waiting = Promise.allSettled([
    promises.takeLeft({ signal: stop.signal }),
    promises.takeLeft({ signal: stop.signal }),
  ])
  const patient = promises.takeLeft()
  stop.abort(reason)
  expect(await waiting).toEqual([
    { status: 'rejected', reason },
    { status: 'rejected', reason },
  ])
  other.append(1)
  expect(await patient).toBe(1)
  await expect(promises.takeLeft({ signal: stop.signal })).rejects.toBe(reason)
  await expect(promises.takeLeft({ timeout: -1 })).rejects.toThrow(RangeError)
})

test('Deque.promises takeLeft() hears of what the synchronous face adds', async ({ deque }) => {
  const waiting = untilWaiting(deque)
  const taken = deque.promises.takeLeft()
  await waiting
  deque.append(1)
  expect(await taken).toBe(1)
})

test('Deque.promises close() of a deque in a cache of somebody else rejects who waits, and leaves the cache open', async ({
  directory,
}) => {
  using cache = new Cache<number, number>(directory, { evictionPolicy: 'none' })
  const { promises } = Deque.from(cache)
  const rejected = expect(promises.takeLeft()).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
  await promises.close()
  await rejected
  expect(cache.isOpen).toBe(true)
})

test('Deque.promises close() rejects who waits for an item', async ({ deque }) => {
  const waiting = deque.promises.takeLeft()
  const rejected = expect(waiting).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
  await deque.promises.close()
  await rejected
  expect(() => deque.append(1)).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_CLOSED' }))
})

test('Deque.promises operations heed their signal', async ({ deque }) => {
  const reason = new Error('stopped')
  const options = { signal: AbortSignal.abort(reason) }
  const { promises } = deque
  const results = await Promise.allSettled([
    promises.append(1, options),
    promises.extend([1], options),
    promises.pop(options),
    promises.insert(0, 1, options),
    promises.count(1, options),
    promises.clear(options),
  ])
  for (const result of results) expect(result).toEqual({ status: 'rejected', reason })
  expect(deque.length).toBe(0)
})
