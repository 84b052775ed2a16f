import { join } from 'node:path'
import type { Peer } from './peer.ts'
import { BARE_SETTINGS, DELETE, INCREMENT, SELECT, SETUP, UPSERT } from './sql.ts'

export const BARE_NODE_SQLITE: Peer = {
  name: 'node:sqlite',
  guarantees: { expiry: 'none', sizeLimit: 'none', processes: true, kept: true, crashSafe: true },
  settings: BARE_SETTINGS,
  shared: true,
  async open({ directory }) {
    const { DatabaseSync } = await import('node:sqlite')
    const database = new DatabaseSync(join(directory, 'bare.db'))
    database.exec(SETUP)
    const select = database.prepare(SELECT)
    const upsert = database.prepare(UPSERT)
    const increment = database.prepare(INCREMENT)
    const remove = database.prepare(DELETE)

    function transact<T>(begin: string, body: () => T): T {
      database.exec(begin)
      try {
        return body()
      } finally {
        database.exec('COMMIT')
      }
    }

    return {
      get: (key) => select.get(key)?.value,
      set: (key, value) => upsert.run(key, value),
      delete: (key) => remove.run(key),
      incr: (key) => increment.all(key)[0]?.value,
      getMany: (keys) => transact('BEGIN', () => keys.map((key) => select.get(key)?.value)),
      setMany: (entries) =>
        transact('BEGIN IMMEDIATE', () => {
          for (const [key, value] of entries) upsert.run(key, value)
        }),
      close: () => database.close(),
    }
  },
}
