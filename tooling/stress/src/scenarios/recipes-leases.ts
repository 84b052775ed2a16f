import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathOf, RedisServer, SERVER_PROGRAM } from '../../../../packages/redis/tests/servers/redis-server.ts'
import type { Scenario } from '../scenario.ts'
import type { AnyStorePlace } from '../workers/recipes/open-any-store.ts'
import { holdingRun } from './recipes-holding-run.ts'
import { lostRun } from './recipes-lost-run.ts'
import { turnsRun } from './recipes-turns-run.ts'

/**
 * Leases of four processes: turns in which a lock goes round, holders that are told of a loss in time, on every store;
 * and, over files, 60 that are killed, and 140 that are stopped for longer than a lease.
 */
export const leases: Scenario = {
  name: 'leases',
  minutes: 20,
  async run({ directory, seed, short }) {
    await using server = await startRedis()
    const stores = [
      { directory: join(directory, 'cache') },
      { directory: join(directory, 'fanout'), shards: 4 },
    ]
    const redis: AnyStorePlace[] = server === undefined ? [] : [{ directory, url: server.url }]
    const figures: string[] = []
    for (const store of chosen([...stores, ...redis], short, seed)) {
      figures.push(await turnsRun(store, short ? 2_000 : 20_000))
      figures.push(await lostRun(store, short ? 100 : 1_000, seed))
    }
    if (short) return figures
    for (const store of stores) {
      const notes = `${store.directory}-notes`
      mkdirSync(notes)
      figures.push(...(await holdingRun({ ...store, notes, seed, rounds: 60, crowd: 3, stops: 140 })))
    }
    return figures
  },
}

/** Returns all stores, or one of them, by the seed, when it has to be short. */
function chosen<T>(stores: readonly T[], short: boolean, seed: number): readonly T[] {
  return short ? stores.slice(seed % stores.length, (seed % stores.length) + 1) : stores
}

async function startRedis(): Promise<(AsyncDisposable & { readonly url: string }) | undefined> {
  if (pathOf(SERVER_PROGRAM) === undefined) return undefined
  const server = await RedisServer.start()
  return { url: server.url, [Symbol.asyncDispose]: () => server.stop() }
}
