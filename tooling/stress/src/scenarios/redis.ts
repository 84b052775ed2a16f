import { holdingRun } from '../../../../packages/redis/tests/processes/holding-run.ts'
import { pathOf, RedisServer, SERVER_PROGRAM } from '../../../../packages/redis/tests/servers/redis-server.ts'
import type { Scenario } from '../scenario.ts'

/** Locks and semaphores on Redis, whose holders are killed and stopped, and which stands still itself. */
export const redis: Scenario = {
  name: 'redis',
  minutes: 5,
  async run({ directory, short }) {
    if (pathOf(SERVER_PROGRAM) === undefined) return [`skipped: ${SERVER_PROGRAM} is not installed`]
    const server = await RedisServer.start()
    try {
      return [await holdingRun({ server, prefix: 'stress', directory, workers: 6, rounds: short ? 20 : 200 })]
    } finally {
      await server.stop()
    }
  },
}
