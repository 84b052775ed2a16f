import { afterAll, beforeAll } from 'vitest'
import { contract } from '../tests/servers/contract.ts'
import { describeWhole } from '../tests/servers/describe-redis.ts'
import { RedisCluster } from '../tests/servers/redis-cluster.ts'

describeWhole('A cluster of three', () => {
  let cluster: RedisCluster
  let client: Awaited<ReturnType<typeof RedisCluster.prototype.connect>>
  beforeAll(async () => {
    cluster = await RedisCluster.start()
    client = await cluster.connect()
  })
  afterAll(async () => {
    client.destroy()
    await cluster.stop()
  })
  contract('RedisStore on a cluster', () => client)
})
