import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { RedisStore } from '../src/index.ts'
import { describeRedis } from './servers/describe-redis.ts'
import { redisTest } from './servers/redis-test.ts'
import { TcpProxy } from './servers/tcp-proxy.ts'

/** Milliseconds. */
const TIMEOUT = 400

/** Turns of the event loop between a write and the end of its connection; later, it has been answered. */
const TURNS = 8

/** Every write of a key, with what it leaves if it is done late. */
const WRITES: Record<string, (store: RedisStore, key: string) => Promise<unknown>> = {
  set: (store, key) => store.set(key, 'late'),
  'set, ttl': (store, key) => store.set(key, 'late', { ttl: 60_000 }),
  'set, large': (store, key) => store.set(key, Buffer.alloc(400_000)),
  setMany: (store, key) => store.setMany([[key, 'late']]),
  update: (store, key) => store.update(key, () => ({ set: 'late' })),
  incr: (store, key) => store.incr(key),
  touch: (store, key) => store.touch(key, { ttl: 1 }),
  delete: (store, key) => store.delete(key),
  deleteMany: (store, key) => store.deleteMany([key]),
  pop: (store, key) => store.pop(key),
  write: (store, key) => store.write(key, [Buffer.from('late')] as never),
  evict: (store) => store.evict('tag'),
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

/** Resolves when it has a connection. */
async function answers(store: RedisStore, key: string, { poll } = expect): Promise<void> {
  await poll(() => store.get(key).catch(() => 'failed'), { timeout: 20_000 }).not.toBe('failed')
}

/** Whether it failed. */
function failed(operation: Promise<unknown>): Promise<boolean> {
  return operation.then(
    () => false,
    () => true,
  )
}

describeRedis('What failed is not done later', () => {
  const test = redisTest()

  describe.each(['before', 'after'] as const)(
    'when the connection is cut, in every turn %s it is issued',
    (when) => {
      test.concurrent.for(Object.entries(WRITES))(
        '%s',
        async ([, write], { server, prefix, open, expect }) => {
          const other = open()
          const proxy = await TcpProxy.start(server.port)
          const count = Array.from({ length: TURNS }, (_, i) => i)
          const keys = count.map((turn) => `key ${turn}`)
          const stores = count.map(() => new RedisStore({ url: proxy.url, prefix, timeout: TIMEOUT }))
          await other.setMany(keys.map((key) => [key, 1, { tag: 'tag' }]))
          for (const [i, store] of stores.entries()) await answers(store, keys[i] as string, expect)
          // All connections are cut in one turn, and each store writes in another.
          const last = TURNS - 1
          const writes = stores.map(async (store, i) => {
            await turns(when === 'before' ? i : last - i)
            return failed(write(store, keys[i] as string))
          })
          await turns(when === 'before' ? 0 : last)
          const closed = proxy.close()
          const hasFailed = await Promise.all(writes)
          await closed
          await other.setMany(keys.map((key) => [key, 2, { tag: 'tag' }]))
          await proxy.open()
          for (const [i, store] of stores.entries()) await answers(store, keys[i] as string, expect)
          const values = await other.getMany(keys)
          for (const i of count) if (hasFailed[i]) expect(values[i], `${i} turns`).toBe(2)
          await Promise.all(stores.map((store) => store.close()))
          await proxy.close()
        },
      )
    },
  )

  test.for(Object.entries(WRITES))(
    'when Redis stands still, and the connection is cut: %s',
    async ([, write], { server, prefix, open }) => {
      const other = open()
      const proxy = await TcpProxy.start(server.port)
      await using store = new RedisStore({ url: proxy.url, prefix, timeout: TIMEOUT })
      await other.set('key', 1, { tag: 'tag' })
      // So that Redis knows the script, and the store its clock.
      await write(store, 'other').catch(() => {})
      await store.set('other', 1)
      server.pause()
      try {
        const hasFailed = failed(write(store, 'key'))
        await delay(50)
        proxy.cut()
        expect(await hasFailed).toBe(true)
      } finally {
        server.resume()
      }
      await other.set('key', 2)
      await answers(store, 'other')
      expect(await other.get('key')).toBe(2)
      await proxy.close()
    },
  )
})
