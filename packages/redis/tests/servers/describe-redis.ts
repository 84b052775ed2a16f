import { describe, test } from 'vitest'
import { pathOf, SERVER_PROGRAM, type ServerProgram } from './redis-server.ts'

/** By which the environment says that a server must be there. */
const REQUIREMENTS: Readonly<Record<ServerProgram, string>> = {
  'redis-server': 'DISKCACHE_REQUIRE_REDIS',
  'valkey-server': 'DISKCACHE_REQUIRE_VALKEY',
}

/** Tests that need a server. Without one they are skipped, but fail where it is required. */
export function describeRedis(name: string, body: () => void, program: ServerProgram = SERVER_PROGRAM): void {
  for (const [needed, variable] of Object.entries(REQUIREMENTS))
    if (process.env[variable] && pathOf(needed as ServerProgram) === undefined)
      throw new Error(`${variable} is set, and ${needed} is not installed`)
  if (pathOf(program) !== undefined) describe(name, body)
  else if (process.env.DISKCACHE_REDIS_SERVER) throw new Error(`${program} is not installed`)
  else test.skip(`${name}: ${program} is not installed`)
}

/** Whether everything is tested on every kind of server; the test command has to be quick, and takes samples. */
export const IS_WHOLE = Boolean(process.env.DISKCACHE_ALL_PLATFORMS)

/** Tests like those of {@link describeRedis} that the test command skips. */
export function describeWhole(name: string, body: () => void, program?: ServerProgram): void {
  if (IS_WHOLE) describeRedis(name, body, program)
  else test.skip(`${name}: only with DISKCACHE_ALL_PLATFORMS`)
}
