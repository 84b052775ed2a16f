import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { BENTOCACHE_OPTIONS, bentocacheStore } from './bentocache-store.ts'
import type { Peer } from './peer.ts'

export const BENTOCACHE_SQLITE: Peer = {
  name: 'bentocache, SQLite',
  guarantees: { expiry: true, sizeLimit: 'none', processes: true, kept: true, crashSafe: true },
  settings:
    'its Knex driver on better-sqlite3, WAL, `synchronous = NORMAL`, `busy_timeout` 60 s; no memory before it, no pruning',
  shared: true,
  async open({ directory }) {
    const { BentoCache, bentostore } = await import('bentocache')
    const { knexDriver } = await import('bentocache/drivers/knex')
    const { default: knex } = await import('knex')
    const connection = knex({
      client: 'better-sqlite3',
      connection: { filename: join(directory, 'bentocache.db') },
      useNullAsDefault: true,
      pool: { afterCreate: configure },
    })
    const only = bentostore().useL2Layer(knexDriver({ connection, pruneInterval: false }))
    return bentocacheStore(new BentoCache({ ...BENTOCACHE_OPTIONS, stores: { only } }))
  },
}

function configure(database: Database, done: (error: null, database: Database) => void): void {
  database.pragma('busy_timeout = 60000')
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = NORMAL')
  done(null, database)
}
