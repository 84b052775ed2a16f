import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { errorChannel } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { directoryTest as test } from '@diskcache/testkit'
import { Memory, MemoryStore } from '@diskcache/testkit/memory'
import { expect } from 'vitest'
import { getOrSet } from '../index.ts'

/** A store whose answers to reads come when they are let through. */
class LateStore extends MemoryStore {
  readonly gate = Promise.withResolvers<void>()

  override async get(...args: Parameters<MemoryStore['get']>) {
    const value = await super.get(...args)
    await this.gate.promise
    return value
  }
}

test('getOrSet() looks again after it was elected', async () => {
  const memory = new Memory()
  const late = new LateStore({ memory })
  const second = getOrSet(late, 'k', () => expect.unreachable())
  expect(await getOrSet(new MemoryStore({ memory }), 'k', () => 'first')).toBe('first')
  late.gate.resolve()
  expect(await second).toBe('first')
})

test('getOrSet() costs one read when the value is fresh', async () => {
  const memory = new Memory()
  await getOrSet(new MemoryStore({ memory }), 'k', () => 1)
  class ReadOnlyStore extends MemoryStore {
    reads = 0

    override async get(...args: Parameters<MemoryStore['get']>) {
      this.reads++
      return super.get(...args)
    }

    override update(): never {
      return expect.unreachable()
    }
  }
  const store = new ReadOnlyStore({ memory })
  expect(await getOrSet(store, 'k', () => 2, { ttl: 1, timeout: 1_000 })).toBe(1)
  expect(store.reads).toBe(1)
})

test('getOrSet() leaves one row behind, and tells errorChannel what it tells onError', async () => {
  const memory = new Memory()
  const store = new MemoryStore({ memory })
  await getOrSet(store, 'k', () => 1, { ttl: 1_000 })
  expect(memory.rows.size).toBe(1)

  const messages: unknown[] = []
  const errors: unknown[] = []
  const listen = (message: unknown) => void messages.push(message)
  errorChannel.subscribe(listen)
  await getOrSet(store, 'other', () => () => {}, { onError: (error) => errors.push(error) })
  errorChannel.unsubscribe(listen)
  expect(errors).toHaveLength(1)
  expect(messages).toEqual([{ store: undefined, key: 'other', reason: 'failed', error: errors[0] }])
})

test('a store says how getOrSet() is called to those who call it as a method', async ({ directory }) => {
  using cache = new Cache(join(directory, 'cache'))
  using fanout = new FanoutCache(join(directory, 'fanout'))
  const way = /@diskcache\/recipes.*getOrSet\(store, key, make\)/
  for (const store of [cache, fanout]) {
    // @ts-expect-error: the compiler says it, too
    const call = () => store.getOrSet('key', () => 1, { ttl: 1_000 })
    expect(call).toThrow(way)
  }
  for (const store of [cache.promises, fanout.promises]) {
    // @ts-expect-error: the compiler says it, too
    await expect(store.getOrSet('key', () => 1, { ttl: 1_000 })).rejects.toThrow(way)
  }
})

test('getOrSet() with failureTtl gives a failure from memory, until it is forgotten', async ({
  directory,
}) => {
  await using cache = new Cache(directory, { memory: { maxBytes: 100_000 }, statistics: true }).promises
  let runs = 0
  const ask = () =>
    getOrSet(cache, 'k', () => Promise.reject(new Error(`run ${++runs}`)), { failureTtl: 60_000 })
  for (const _ of [1, 2, 3]) await expect(ask()).rejects.toThrow('run 1')
  const { memory } = await cache.stats()
  expect(memory?.hits).toBeGreaterThan(0)
  expect(await getOrSet.forget(cache, 'k')).toBe(true)
  await expect(ask()).rejects.toThrow('run 2')
})
