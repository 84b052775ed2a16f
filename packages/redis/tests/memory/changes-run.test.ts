import { test } from 'vitest'
import { describeRedis } from '../servers/describe-redis.ts'
import { changesRun } from './changes-run.ts'

describeRedis('RedisStore with memory in several processes', () => {
  test('never gives what was not there within its staleness, nor what had expired', async () => {
    await changesRun(2)
  })
})
