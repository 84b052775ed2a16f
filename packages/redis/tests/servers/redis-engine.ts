import { afterAll, beforeAll } from 'vitest'
import { RedisStore, type RedisStoreOptions } from '../../src/index.ts'
import { connectClient, RedisServer } from './redis-server.ts'

let count = 0

/** `RedisStore` as the suites of the adapters take it, on a server for all tests of a file, with a prefix for each store. */
export function redisEngine({ maxValueSize }: RedisStoreOptions = {}) {
  let server: RedisServer
  let client: Awaited<ReturnType<typeof connectClient>>
  beforeAll(async () => {
    server = await RedisServer.start()
    client = await connectClient(server.url)
  })
  afterAll(async () => {
    client.destroy()
    await server.stop()
  })
  return {
    name: 'RedisStore',
    isServer: true,
    open: () => new RedisStore({ client, prefix: `engine ${++count}`, timeout: 20_000, maxValueSize }),
  } as const
}
