import { describe, test } from 'vitest'
import { REDIS_SERVER } from './redis-server.ts'

/** Tests that need redis-server. Without one they are skipped, but fail where it is required. */
export function describeRedis(name: string, body: () => void): void {
  if (REDIS_SERVER !== undefined) return void describe(name, body)
  if (process.env.DISKCACHE_REQUIRE_REDIS) throw new Error('redis-server is required, and not installed')
  test.skip(`${name}: redis-server is not installed`)
}
