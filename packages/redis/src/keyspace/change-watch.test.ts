import { expect } from 'vitest'
import { describeRedis } from '../../tests/servers/describe-redis.ts'
import { redisTest } from '../../tests/servers/redis-test.ts'

describeRedis('RedisStore: changes that others make', () => {
  const test = redisTest()

  test('setMany() publishes while somebody waits for anything, and only then', async ({
    store,
    open,
    client,
    prefix,
  }) => {
    const names = ['a', 'b', 'c'].map((key) => `${prefix}{s${key}}`)
    const heard: string[] = []
    const listener = client.duplicate()
    await listener.connect()
    await listener.sSubscribe(names.slice(0, 2), (_message, name) => heard.push(name))
    const write = () => store.setMany(['a', 'b'].map((key) => [key, 1]))
    const listeners = () => client.sendCommand(['PUBSUB', 'SHARDNUMSUB', names[2] as string])

    await write()
    const waiting = open().waitFor(['c'], { signal: AbortSignal.timeout(60_000) })
    await expect.poll(listeners, { timeout: 20_000 }).toContain(1)
    expect(heard).toEqual([])
    await write()
    await expect.poll(() => heard, { timeout: 20_000 }).toEqual(names.slice(0, 2))
    await store.set('c', 1)
    await waiting
    listener.destroy()
  })
})
