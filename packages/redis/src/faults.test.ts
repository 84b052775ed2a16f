import { setTimeout as delay } from 'node:timers/promises'
import { DiskCacheError } from '@diskcache/core'
import { Lock, setIfNewer } from '@diskcache/recipes'
import { afterEach, describe, expect, test as plainTest } from 'vitest'
import { describeRedis } from '../tests/servers/describe-redis.ts'
import { meddlingClient } from '../tests/servers/meddling-client.ts'
import { connectClient, freePort } from '../tests/servers/redis-server.ts'
import { redisTest } from '../tests/servers/redis-test.ts'
import { type Direction, TcpProxy } from '../tests/servers/tcp-proxy.ts'
import { RedisStore } from './index.ts'
import { PUT } from './scripts/put.ts'

const TIMEOUT = { code: 'ERR_DISKCACHE_TIMEOUT' }

/** Milliseconds: so long, that a busy machine is no server which does not answer. */
const PATIENCE = 2_000

/** So short, that a test can wait for it. */
const IMPATIENCE = 300

async function* source() {
  yield Buffer.alloc(300_000, 's')
  yield Buffer.alloc(300_000, 's')
}

/** Every operation that sends something, on what `arrange` made. */
const OPERATIONS: Record<string, (store: RedisStore) => Promise<unknown>> = {
  get: (store) => store.get('large'),
  getEntry: (store) => store.getEntry('large'),
  getMany: (store) => store.getMany(['a', 'large', 'x']),
  getEntries: (store) => store.getEntries(['a', 'large', 'x']),
  has: (store) => store.has('a'),
  hasMany: (store) => store.hasMany(['a', 'x']),
  set: (store) => store.set('a', 'new'),
  'set, large': (store) => store.set('large', Buffer.alloc(600_000, 'n')),
  setMany: (store) => store.setMany([['a', 'new']]),
  add: (store) => store.add('x', 'new'),
  update: (store) => store.update('n', (entry) => ({ set: Number(entry?.value) + 1 })),
  incr: (store) => store.incr('n'),
  touch: (store) => store.touch('a', { ttl: 1e6 }),
  delete: (store) => store.delete('large'),
  deleteMany: (store) => store.deleteMany(['a', 'large']),
  pop: (store) => store.pop('large'),
  read: async (store) => Buffer.concat(await (await store.read('large'))!.toArray()),
  write: (store) => store.write('large', source()),
  entries: (store) => Array.fromAsync(store.entries()),
  evict: (store) => store.evict('t'),
  clear: (store) => store.clear(),
  count: (store) => store.count(),
  volume: (store) => store.volume(),
  check: (store) => store.check(),
  stats: (store) => store.stats(),
}

/** What each key may hold at any time. */
const STATES: Record<string, readonly unknown[]> = {
  a: ['a', 'new', undefined],
  n: [1, 2, undefined],
  x: ['new', undefined],
  large: [...['l', 'n', 's'].map((letter) => Buffer.alloc(600_000, letter)), undefined],
}

async function arrange(store: RedisStore): Promise<void> {
  await store.set('a', 'a', { tag: 't' })
  await store.set('n', 1)
  await store.delete('x')
  await store.set('large', Buffer.alloc(600_000, 'l'), { tag: 't' })
}

describeRedis('RedisStore', () => {
  const test = redisTest()

  describe('when the connection is cut in the middle of', () => {
    const cases = Object.keys(OPERATIONS).flatMap((name) =>
      (['request', 'reply'] as const).map((direction): [string, Direction] => [name, direction]),
    )
    // Most of the time is waited: for answers that were lost, and connections.
    test.concurrent.for(cases)(
      '%s (%s): it succeeds or fails, nothing is half done, and it goes on',
      async ([name, direction], { server, prefix, open, expect }) => {
        const { poll } = expect
        const direct = open()
        const proxy = await TcpProxy.start(server.port)
        const store = new RedisStore({ url: proxy.url, prefix, timeout: 2 * IMPATIENCE })
        for (const after of [0, 2]) {
          await arrange(direct)
          await poll(() => store.get('a').catch(() => 'failed'), { timeout: 20_000 }).toBe('a')
          const before = await direct.getMany(Object.keys(STATES))
          proxy.cutAfter(direction, after)
          const outcome = await OPERATIONS[name]?.(store).then(
            () => 'done',
            (error) => error,
          )
          proxy.cut()
          if (outcome !== 'done') expect(outcome.code).toMatch(/^ERR_DISKCACHE_(ENGINE|TIMEOUT|CORRUPT)$/)
          const found = await direct.getMany(Object.keys(STATES))
          for (const [i, states] of Object.values(STATES).entries()) expect(states).toContainEqual(found[i])
          if (direction === 'request' && after === 0 && outcome !== 'done') expect(found).toEqual(before)
          await poll(() => store.get('n').catch(() => 'failed'), { timeout: 20_000 }).toEqual(found[1])
        }
        await store.close()
        await proxy.close()
        // Who loses its connection just after it has replaced a large value cannot tidy up; others do, in time.
        const problems = await direct.check({ fix: true })
        expect(problems.filter(({ kind }) => kind !== 'orphan-file')).toEqual([])
        await direct.close()
        expect(await open().check()).toEqual([])
      },
    )
  })
})

describeRedis('RedisStore, when Redis does not answer', () => {
  const test = redisTest()

  test('while Redis cannot be reached, operations fail in time, and are not done later', async ({
    server,
    prefix,
    client,
  }) => {
    const proxy = await TcpProxy.start(server.port)
    const store = new RedisStore({ url: proxy.url, prefix, timeout: IMPATIENCE })
    await store.set('k', 'before')
    await proxy.close()
    const operations = Array.from({ length: 100 }, (_, i) => [
      store.set(i, 'late'),
      store.setMany([[`many ${i}`, 'late']]),
      store.incr('n'),
      store.deleteMany(['k']),
      store.get(i),
    ])
    for (const { status, reason } of (await Promise.allSettled(
      operations.flat(),
    )) as PromiseRejectedResult[]) {
      expect(status).toBe('rejected')
      expect(reason.code).toMatch(/^ERR_DISKCACHE_(ENGINE|TIMEOUT)$/)
    }
    await proxy.open()
    await expect.poll(() => store.get('k').catch(() => 'failed'), { timeout: 20_000 }).toBe('before')
    expect(await client.keys(`${prefix}{*`)).toEqual([`${prefix}{sk}`])
    await store.close()
    await proxy.close()
  })

  test('while Redis stands still, operations fail in time, and are not done when it goes on', async ({
    server,
    open,
  }) => {
    const [store, later] = [open({ timeout: IMPATIENCE }), open()]
    const kept = ['to delete', 'to delete with others', 'to pop', 'to touch', 'to replace']
    const change = () => [
      store.set('set', 'late'),
      store.setMany([
        ['many', 'late'],
        ['many large', Buffer.alloc(100_000)],
      ]),
      store.deleteMany(['to delete with others']),
      store.add('added', 'late'),
      store.incr('counted'),
      store.update('updated', () => ({ set: 'late' })),
      store.update('to replace', () => ({ set: 'late' })),
      store.set('large', Buffer.alloc(600_000)),
      store.delete('to delete'),
      store.pop('to pop'),
      store.touch('to touch', { ttl: 1 }),
    ]
    // So that Redis knows the scripts.
    await Promise.all(change())
    await store.clear()
    await store.setMany(kept.map((key) => [key, 'before']))
    server.pause()
    try {
      const writes = [
        ...change(),
        store.clear(),
        store.set('to delete', 'late: it stands in line, and is not sent'),
      ]
      for (const write of await Promise.allSettled(writes))
        expect(write).toMatchObject({ status: 'rejected', reason: TIMEOUT })
      // Readings of two clocks are compared, which are exact to the millisecond, and a round trip.
      await delay(100)
    } finally {
      server.resume()
    }
    expect(new Map(await Array.fromAsync(later.entries()))).toEqual(
      new Map(kept.map((key) => [key, 'before'])),
    )
  })
})

describeRedis('RedisStore, when answers come late or are lost', () => {
  const test = redisTest()

  test('what was still waiting for room in the connection is not done later', async ({ server, prefix }) => {
    const client = await connectClient(server.url)
    const store = new RedisStore({ client, prefix, timeout: IMPATIENCE })
    await store.set('k', 'before')
    server.pause()
    const sets = Array.from({ length: 400 }, (_, i) => store.set(i, Buffer.alloc(60_000)))
    for (const set of await Promise.allSettled(sets))
      expect(set).toMatchObject({ status: 'rejected', reason: TIMEOUT })
    // What has been sent dies with it.
    await server.restart()
    await expect.poll(() => store.get('k').catch(() => 'failed'), { timeout: 20_000 }).toBeUndefined()
    expect(await store.count()).toBe(0)
    await store.close()
    client.destroy()
  })

  test('an answer that came while this process stood still is no timeout', async ({ server, open }) => {
    const store = open({ timeout: IMPATIENCE })
    await open().set('k', 1)
    server.pause()
    const found = store.get('k')
    // It is sent in the next turn of the event loop.
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    server.resume()
    const end = performance.now() + 2 * IMPATIENCE
    while (performance.now() < end);
    expect(await found).toBe(1)
  })

  test('a large value stays when only the answer to its last step was lost', async ({
    client,
    prefix,
    open,
  }) => {
    const deaf = meddlingClient(client, async (args, send) => {
      const reply = await send()
      if (args[1] === PUT.digest || args[1] === PUT.text) throw new Error('Socket closed unexpectedly')
      return reply
    })
    const store = open({ client: deaf })
    const set = store.set('k', Buffer.alloc(300_000))
    await expect(set).rejects.toMatchObject({ code: 'ERR_DISKCACHE_ENGINE' })
    await store.close()
    const [chunks] = await client.keys(`${prefix}{*}:*`)
    expect(await client.pTTL(chunks as string)).toBe(-1)
    expect(await open().get('k')).toEqual(Buffer.alloc(300_000))
  })

  test('a large value whose beginning is evicted while it is written is an error', async ({
    client,
    open,
  }) => {
    const forgetful = meddlingClient(client, (args, send) => {
      const isSecond = args[0] === 'HSET' && args[2] === '1'
      return isSecond ? client.del(String(args[1])).then(send) : send()
    })
    const store = open({ client: forgetful })
    const set = store.set('k', Buffer.alloc(600_000))
    await expect(set).rejects.toMatchObject({
      code: 'ERR_DISKCACHE_ENGINE',
      cause: { message: expect.stringContaining('GONE') },
    })
    expect(await store.has('k')).toBe(false)
  })
})

describeRedis('RedisStore, when Redis stands still', () => {
  const test = redisTest()

  test('an aborted operation that Redis does not answer gives up at once, unless it may be done', async ({
    server,
    open,
  }) => {
    const store = open({ timeout: PATIENCE })
    await store.set('k', 1)
    server.pause()
    try {
      const controller = new AbortController()
      const { signal } = controller
      const operations = [store.get('k', { signal }), store.update('k', () => ({ delete: true }), { signal })]
      await delay(20)
      controller.abort(new Error('enough'))
      await expect(operations[0]).rejects.toThrow('enough')
      const settled = operations[1]?.catch(() => 'rejected')
      server.resume()
      expect(await settled).toBe('rejected')
    } finally {
      server.resume()
    }
    expect(await store.get('k')).toBe(1)
  })

  test('an operation that waits for its turn may be aborted with any reason', async ({ server, open }) => {
    const store = open({ timeout: PATIENCE })
    await store.set('key', 1)
    server.pause()
    const first = store.set('key', 2).catch((error) => error)
    const controller = new AbortController()
    const second = store.set('key', 3, { signal: controller.signal }).catch((error) => error)
    const reason = new DiskCacheError('ERR_DISKCACHE_TIMEOUT', 'It took too long')
    const start = performance.now()
    controller.abort(reason)
    expect(await second).toBe(reason)
    expect(performance.now() - start).toBeLessThan(PATIENCE / 2)
    server.resume()
    await first
  })
})

describeRedis('RedisStore, when a lock is held and Redis stands still or is killed', () => {
  const test = redisTest()

  test('a lock is lost before others can have it, when Redis stands still for longer than its lease', async ({
    server,
    open,
  }) => {
    const lease = 1_200
    const hold = await new Lock(open({ timeout: IMPATIENCE }), 'k', { lease }).acquire()
    const other = new Lock(open({ timeout: 60_000 }), 'k', { lease: 30_000 })
    server.pause()
    const acquired = other.acquire({ timeout: 60_000 }).then((next) => {
      expect(hold.lost.aborted).toBe(true)
      return next
    })
    await delay(lease * 1.5)
    expect(hold.lost.aborted).toBe(true)
    expect(() => hold.check()).toThrow()
    server.resume()
    const next = await acquired
    expect(next.token).toBeGreaterThan(hold.token)
    const store = open()
    expect(await setIfNewer(store, 'data', 'new', next.token)).toBe(true)
    expect(await setIfNewer(store, 'data', 'old', hold.token)).toBe(false)
    await expect(hold.release()).rejects.toMatchObject({ code: 'ERR_DISKCACHE_LOCK_LOST' })
    await next.release()
  })

  test('a lock is lost, when Redis comes back without it, and tokens go on increasing', async ({
    server,
    open,
  }) => {
    const [store, other] = [open(), open()]
    const hold = await new Lock(store, 'k', { lease: 900 }).acquire()
    const lost = new Promise((resolve) => hold.lost.addEventListener('abort', resolve))
    await server.restart()
    const acquire = () => new Lock(other, 'k').tryAcquire().catch(() => undefined)
    let next = await acquire()
    while (next === undefined) next = await acquire()
    await lost
    expect(next.token).toBeGreaterThan(hold.token)
    expect(await setIfNewer(other, 'data', 'new', next.token)).toBe(true)
    expect(await setIfNewer(store, 'data', 'old', hold.token)).toBe(false)
    await next.release()
  })
})

describeRedis('RedisStore, when Redis is waited for or killed', () => {
  const test = redisTest()

  test('a lock is waited for while Redis stands still, as long as its own timeout allows', async ({
    server,
    open,
  }) => {
    const store = open({ timeout: IMPATIENCE })
    await store.set('k', 1)
    server.pause()
    const acquired = new Lock(store, 'k').acquire({ timeout: 60_000 })
    await delay(3 * IMPATIENCE)
    server.resume()
    await (await acquired).release()
  })

  test('close() takes no longer than the timeout, however much waits for Redis', async ({
    server,
    prefix,
  }) => {
    const store = new RedisStore({ url: server.url, prefix, timeout: IMPATIENCE })
    await store.stats({ enable: true })
    await store.set('k', 1)
    server.pause()
    try {
      const writes = Array.from({ length: 20 }, (_, i) => store.update('k', () => ({ set: i })))
      await store.get('k').catch(() => {})
      const settled = Promise.allSettled(writes)
      await store.close()
      for (const write of await settled) expect(write).toMatchObject({ status: 'rejected' })
    } finally {
      server.resume()
    }
  })

  test('when Redis is killed, what is under way fails, and it goes on with the next one', async ({
    server,
    open,
  }) => {
    const store = open({ timeout: 2 * IMPATIENCE })
    await store.set('k', 1)
    const all = () => Promise.allSettled(Object.values(OPERATIONS).map((operate) => operate(store)))
    const underWay = all()
    await server.kill()
    for (const result of [...(await underWay), ...(await all())]) {
      if (result.status === 'rejected') expect(result.reason.code).toMatch(/^ERR_DISKCACHE_/)
    }
    await server.restart()
    await expect.poll(() => store.set('k', 2).catch(() => false), { timeout: 20_000 }).toBe(true)
    expect([await store.get('k'), await store.incr('k')]).toEqual([2, 3])
  })

  test('a script that takes too long, or is killed, is waited for as long as there is time', async ({
    client,
    open,
  }) => {
    const [store, impatient] = [open({ timeout: 20_000 }), open({ timeout: IMPATIENCE })]
    await store.setMany(['k', 'b'].map((key) => [key, 1]))
    await client.configSet('busy-reply-threshold', '50')
    const other = client.duplicate()
    await other.connect()
    const busy = expect(other.eval('while true do end')).rejects.toThrow('killed')
    await delay(100)
    const waiting = [
      store.get('k'),
      store.set('k', 2),
      store.incr('n'),
      store.setMany([['a', 1]], { ttl: 60_000 }),
      store.deleteMany(['b', 'x']),
    ]
    await expect(impatient.get('k')).rejects.toMatchObject({ ...TIMEOUT, cause: { message: /^BUSY/ } })
    await client.sendCommand(['SCRIPT', 'KILL'])
    await busy
    expect(await Promise.all(waiting)).toEqual([1, true, 1, [true], [true, false]])
    other.destroy()
  })
})

describeRedis('RedisStore, when Redis is not as it was', () => {
  const test = redisTest()

  test('scripts that the server has forgotten are sent again', async ({ client, store }) => {
    await store.set('k', 1)
    await client.scriptFlush()
    expect(await Promise.all([store.incr('k'), store.incr('k'), store.get('k')])).toEqual([2, 3, 3])
  })

  test('scripts are sent as text, where the user may run them only so', async ({
    client,
    server,
    prefix,
  }) => {
    await client.sendCommand(['ACL', 'SETUSER', 'text', 'on', '>p', '~*', '&*', '+@all', '-evalsha'])
    await using store = new RedisStore({ url: server.url.replace('//', '//text:p@'), prefix })
    expect(await Promise.all([store.set('k', 1), store.incr('n'), store.add('k', 2)])).toEqual([
      true,
      1,
      false,
    ])
    expect(await store.update('k', () => ({ set: Buffer.alloc(300_000) }))).toBeDefined()
    expect([await store.evict('t'), await store.clear()]).toEqual([0, 2])
  })

  test('a server that became a replica is waited for', async ({ client, open }) => {
    const store = open({ timeout: IMPATIENCE })
    await store.set('k', 1)
    await client.sendCommand(['REPLICAOF', '127.0.0.1', String(await freePort())])
    await expect(store.set('k', 2)).rejects.toMatchObject({ ...TIMEOUT, cause: { message: /^READONLY/ } })
    await client.sendCommand(['REPLICAOF', 'NO', 'ONE'])
    expect(await store.set('k', 3)).toBe(true)
  })

  test('a key of another type, or another program, is an error', async ({ client, store, prefix }) => {
    await client.sAdd(`${prefix}{sset}`, 'member')
    await client.set(`${prefix}{stext}`, 'text')
    await expect(store.get('set')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_ENGINE' })
    await expect(store.get('text')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_FORMAT' })
  })

  test('a client that is closed', async ({ server, prefix }) => {
    const client = await connectClient(server.url)
    const store = new RedisStore({ client, prefix })
    await store.set('k', 1)
    client.destroy()
    await expect(store.get('k')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_ENGINE' })
    await store.close()
  })
})

describeRedis('RedisStore on a server that is full', () => {
  const test = redisTest({ settings: { maxmemory: '8mb', 'maxmemory-policy': 'noeviction' } })

  test('rejects writes with ERR_DISKCACHE_FULL, and still reads and removes', async ({ store }) => {
    const FULL = { code: 'ERR_DISKCACHE_FULL' }
    const fill = async (size: number) => {
      for (let i = 0; ; i++) await store.set(`filler ${size} ${i}`, Buffer.alloc(size))
    }
    await store.set('k', 'kept')
    const hold = await new Lock(store, 'k').acquire()
    for (const size of [50_000, 500, 1]) await expect(fill(size)).rejects.toMatchObject(FULL)
    await expect(store.set('k', 1)).rejects.toMatchObject(FULL)
    await expect(store.set('large', Buffer.alloc(6_000_000))).rejects.toMatchObject(FULL)
    await expect(store.write('large', source())).rejects.toMatchObject(FULL)
    await expect(store.setMany([['k', 1]])).rejects.toMatchObject(FULL)
    await expect(store.incr('n')).rejects.toMatchObject(FULL)
    await expect(store.update('k', () => ({ set: 1 }))).rejects.toMatchObject(FULL)
    expect(await store.touch('k', { ttl: 60_000 })).toBe(true)
    await hold.release()
    expect([await store.get('k'), await store.has('large'), await store.delete('filler 500 0')]).toEqual([
      'kept',
      false,
      true,
    ])
    expect(await store.clear({ prefix: 'filler' })).toBeGreaterThan(10)
    expect(await store.set('k', 'again')).toBe(true)
    expect(await store.check()).toEqual([])
  })
})

describe('RedisStore without a server', () => {
  const stores: RedisStore[] = []
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()))
  })

  plainTest('fails at once, and can be closed', async () => {
    const store = new RedisStore({ url: `redis://127.0.0.1:${await freePort()}` })
    stores.push(store)
    const REFUSED = { code: 'ERR_DISKCACHE_ENGINE', cause: { code: 'ECONNREFUSED' } }
    await expect(store.get('k')).rejects.toMatchObject(REFUSED)
    const waiting = store.waitFor(['k'], { signal: AbortSignal.timeout(60_000) })
    const set = expect(store.set('k', 1)).rejects.toMatchObject(REFUSED)
    await store.close()
    await Promise.all([waiting, set])
  })
})
