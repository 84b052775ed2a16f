import { afterAll } from 'vitest'
import { contract } from '../tests/servers/contract.ts'
import { describeRedis } from '../tests/servers/describe-redis.ts'
import { RedisCluster } from '../tests/servers/redis-cluster.ts'

describeRedis('A cluster of three', async () => {
  const cluster = await RedisCluster.start()
  const client = await cluster.connect()
  afterAll(async () => {
    client.destroy()
    await cluster.stop()
  })
  contract('RedisStore on a cluster', client)
})
