import * as recipes from '@diskcache/recipes'
import { asyncStoreContract, type OpenAsyncStore } from '@diskcache/testkit'
import { inAsyncNamespace } from '@diskcache/testkit/memory'
import { recipesContract } from '@diskcache/testkit/recipes'
import { afterAll, beforeAll } from 'vitest'
import { RedisStore, type RedisStoreOptions } from '../../src/index.ts'
import type { RedisClient } from '../../src/server/redis-client.ts'
import { IS_WHOLE } from './describe-redis.ts'
import { PassingTime } from './passing-time.ts'
import { connectClient, RedisServer, type ServerProgram } from './redis-server.ts'

/** As that of the suites of recipes; they try what happens to larger values. */
const MAX_VALUE_SIZE = 1_000_000

const CAPABILITIES = {
  snapshot: false,
  atomicTransact: false,
  orders: [],
  onBusy: 'throw',
  transact: false,
  streams: true,
  watch: true,
} as const

/** The suites of the test kit. The name of a test's directory serves as prefix, and its clock as the server's. `client` is asked by every test. */
export function contract(name: string, client: () => RedisClient, withRecipes = true): void {
  const open = (time: PassingTime, options: RedisStoreOptions) =>
    new RedisStore({ client: time.in(client()), ...options })
  storeContract(name, open, withRecipes)
}

/** `open` opens a store on a server where time passes so. */
export function storeContract(
  name: string,
  open: (time: PassingTime, options: RedisStoreOptions) => RedisStore,
  withRecipes = true,
): void {
  const times = new Map<string, PassingTime>()
  const openWith = (options: { maxValueSize?: number }): OpenAsyncStore => {
    return (prefix, { clock, ttl }) => {
      const time = times.get(prefix) ?? new PassingTime(clock)
      times.set(prefix, time)
      return open(time, { prefix, clock, ttl, ...options })
    }
  }
  asyncStoreContract(name, openWith({}), CAPABILITIES)
  // The test command has to be quick, and has those of other engines.
  if (IS_WHOLE) asyncStoreContract(`${name}.namespace()`, inAsyncNamespace(openWith({})), CAPABILITIES)
  if (withRecipes) recipesContract(name, openWith({ maxValueSize: MAX_VALUE_SIZE }), recipes)
}

/** The same, on a server of its own. The test command has the recipes on one program alone. */
export function serverContract(name: string, program?: ServerProgram): void {
  let server: RedisServer
  let client: Awaited<ReturnType<typeof connectClient>>
  beforeAll(async () => {
    server = await RedisServer.start({ program })
    client = await connectClient(server.url)
  })
  afterAll(async () => {
    client.destroy()
    await server.stop()
  })
  contract(name, () => client, program === undefined || IS_WHOLE)
}
