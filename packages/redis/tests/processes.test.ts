import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { holdingRun } from './processes/holding-run.ts'
import { describeRedis } from './servers/describe-redis.ts'
import { redisTest } from './servers/redis-test.ts'

describeRedis('Processes over RedisStore', () => {
  const test = redisTest()

  test('never hold more than may, nor write out of turn, while they are killed, and they and Redis stopped', async ({
    server,
    prefix,
  }) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-redis-holding-'))
    await holdingRun({ server, prefix, directory, workers: 3, rounds: 4 })
    rmSync(directory, { recursive: true })
  })
})
