import { Cluster, Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { RedisStore } from './index.ts'
import { clientOptionsOf, sentinelOptionsOf } from './ioredis-options.ts'

const lazy = { lazyConnect: true } as const

test('clientOptionsOf() connects to the same server, as the same user, and to the same database', () => {
  const tls = { servername: 'cache.example' }
  const client = new Redis({ ...lazy, host: 'h', port: 7_000, username: 'u', password: 'p', db: 3, tls })
  expect(clientOptionsOf(client)).toMatchObject({
    username: 'u',
    password: 'p',
    database: 3,
    socket: { host: 'h', port: 7_000, tls: true, servername: 'cache.example' },
  })
  const plain = clientOptionsOf(new Redis({ ...lazy, path: '/run/redis.sock' }))
  expect(plain.socket).toMatchObject({ path: '/run/redis.sock' })
  expect(plain).not.toHaveProperty('password')
})

test('sentinelOptionsOf() asks the same sentinels', () => {
  expect(sentinelOptionsOf(new Redis(lazy))).toBeUndefined()
  const sentinels = [{ host: 'a', port: 1 }, { host: 'b' }]
  const client = new Redis({ ...lazy, sentinels, name: 'group', password: 'p', sentinelPassword: 's' })
  expect(sentinelOptionsOf(client)).toMatchObject({
    name: 'group',
    sentinelRootNodes: [
      { host: 'a', port: 1 },
      { host: 'b', port: 26_379 },
    ],
    nodeClientOptions: { password: 'p' },
    sentinelClientOptions: { password: 's' },
  })
})

test('a Cluster of ioredis is refused, with the way out', () => {
  const client = new Cluster(['redis://127.0.0.1:1'], lazy)
  expect(() => new RedisStore({ client })).toThrow('createCluster')
})
