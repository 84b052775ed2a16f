import { afterAll } from 'vitest'
import { contract } from '../tests/servers/contract.ts'
import { describeRedis } from '../tests/servers/describe-redis.ts'
import { connectClient, RedisServer } from '../tests/servers/redis-server.ts'

describeRedis('One server', async () => {
  const server = await RedisServer.start()
  const client = await connectClient(server.url)
  afterAll(async () => {
    client.destroy()
    await server.stop()
  })
  contract('RedisStore', client)
})
