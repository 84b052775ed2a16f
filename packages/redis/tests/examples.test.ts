import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { promisify } from 'node:util'
import { describeRedis } from './servers/describe-redis.ts'
import { redisTest } from './servers/redis-test.ts'

describeRedis('The programs of the documentation', () => {
  const test = redisTest()

  test.for(globSync('examples/*.ts', { cwd: import.meta.dirname }))(
    '%s',
    async (program, { server, client }) => {
      await client.flushAll()
      const env = { ...process.env, NODE_OPTIONS: '', REDIS_URL: server.url }
      await promisify(execFile)(process.execPath, [program], { cwd: import.meta.dirname, env })
    },
  )
})
