import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { holdingRun } from './processes/holding-run.ts'
import { failoverRun, outageRun } from './processes/outage-run.ts'
import { describeRedis } from './servers/describe-redis.ts'
import { redisTest } from './servers/redis-test.ts'

describeRedis('Processes over RedisStore', () => {
  const test = redisTest()

  test.concurrent('never hold more than may, nor write out of turn, while they are killed, and they and Redis stopped', async ({
    server,
    prefix,
  }) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-redis-holding-'))
    await holdingRun({ server, prefix, directory, workers: 3, rounds: 2 })
    rmSync(directory, { recursive: true })
  })

  test.concurrent('see nothing done that was reported as failed, while their server and its connections fail', async () => {
    await outageRun(5)
  })

  test.concurrent('nor while a primary is replaced', async () => {
    await failoverRun(2)
  })
})
