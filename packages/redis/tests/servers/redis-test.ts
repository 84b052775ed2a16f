import { afterAll, test as base, beforeAll } from 'vitest'
import { RedisStore, type RedisStoreOptions } from '../../src/index.ts'
import { connectClient, RedisServer, type ServerOptions } from './redis-server.ts'

type Client = Awaited<ReturnType<typeof connectClient>>

let count = 0

/** A `test` with a server for all tests of a file, and a fresh prefix and store for each, which is checked and closed. */
export function redisTest(options?: ServerOptions) {
  let server: RedisServer
  let client: Client
  beforeAll(async () => {
    server = await RedisServer.start(options)
    client = await connectClient(server.url)
  })
  afterAll(async () => {
    client.destroy()
    await server.stop()
  })
  return base.extend<{
    server: RedisServer
    client: Client
    prefix: string
    open: (options?: RedisStoreOptions) => RedisStore
    store: RedisStore
  }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
    server: async ({}, use) => use(server),
    // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
    client: async ({}, use) => use(client),
    // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
    prefix: async ({}, use) => use(`test ${++count}`),
    open: async ({ prefix }, use) => {
      const stores: RedisStore[] = []
      // The test before may have restarted the server.
      await client.ping()
      await use((options) => {
        const store = new RedisStore({ client, prefix, ...options })
        stores.push(store)
        return store
      })
      await Promise.all(stores.map((store) => store.close()))
    },
    store: async ({ open }, use) => use(open()),
  })
}
