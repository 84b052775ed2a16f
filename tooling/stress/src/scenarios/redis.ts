import { holdingRun } from '../../../../packages/redis/tests/processes/holding-run.ts'
import { REDIS_SERVER, RedisServer } from '../../../../packages/redis/tests/servers/redis-server.ts'
import type { Scenario } from '../scenario.ts'

/** Locks and semaphores on Redis, whose holders are killed and stopped, and which stands still itself. */
export const redis: Scenario = {
  name: 'redis',
  minutes: 5,
  async run({ directory, short }) {
    if (REDIS_SERVER === undefined) return ['skipped: redis-server is not installed']
    const server = await RedisServer.start()
    try {
      return [await holdingRun({ server, prefix: 'stress', directory, workers: 6, rounds: short ? 20 : 200 })]
    } finally {
      await server.stop()
    }
  },
}
