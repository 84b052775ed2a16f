import { afterAll, beforeAll } from 'vitest'
import { contract } from '../tests/servers/contract.ts'
import { describeRedis } from '../tests/servers/describe-redis.ts'
import { connectClient, RedisServer } from '../tests/servers/redis-server.ts'

describeRedis('One server', () => {
  let server: RedisServer
  let client: Awaited<ReturnType<typeof connectClient>>
  beforeAll(async () => {
    server = await RedisServer.start()
    client = await connectClient(server.url)
  })
  afterAll(async () => {
    client.destroy()
    await server.stop()
  })
  contract('RedisStore', () => client)
})
