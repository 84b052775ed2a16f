import { changesRun } from '../../../../packages/redis/tests/memory/changes-run.ts'
import { holdingRun } from '../../../../packages/redis/tests/processes/holding-run.ts'
import { failoverRun, outageRun } from '../../../../packages/redis/tests/processes/outage-run.ts'
import { pathOf, RedisServer, SERVER_PROGRAM } from '../../../../packages/redis/tests/servers/redis-server.ts'
import type { Scenario } from '../scenario.ts'

/**
 * Locks and semaphores on Redis, whose holders are killed and stopped, and which stands still itself; and values, while
 * Redis is killed, stands still, is cut off and replaced; and reads from memory beside a writer.
 */
export const redis: Scenario = {
  name: 'redis',
  minutes: 20,
  async run({ directory, short }) {
    if (pathOf(SERVER_PROGRAM) === undefined) return [`skipped: ${SERVER_PROGRAM} is not installed`]
    const server = await RedisServer.start()
    try {
      return [
        await holdingRun({ server, prefix: 'stress', directory, workers: 6, rounds: short ? 20 : 200 }),
        // With the restarts without data, which are a fifth of the cuts and stalls, 200 rounds.
        await outageRun(short ? 15 : 130),
        await failoverRun(short ? 3 : 44),
        await changesRun(short ? 4 : 100),
      ]
    } finally {
      await server.stop()
    }
  },
}
