import { join } from 'node:path'
import type { Entry, Peer } from './peer.ts'
import { BARE_SETTINGS, DELETE, INCREMENT, SELECT, SETUP, UPSERT } from './sql.ts'

export const BARE_BETTER_SQLITE3: Peer = {
  name: 'better-sqlite3',
  guarantees: { expiry: 'none', sizeLimit: 'none', processes: true, kept: true, crashSafe: true },
  settings: BARE_SETTINGS,
  shared: true,
  async open({ directory }) {
    const { default: Database } = await import('better-sqlite3')
    const database = new Database(join(directory, 'bare.db'))
    database.exec(SETUP)
    const select = database.prepare<[string], string>(SELECT).pluck()
    const upsert = database.prepare<[string, string]>(UPSERT)
    const increment = database.prepare<[string], number>(INCREMENT).pluck()
    const remove = database.prepare<[string]>(DELETE)
    const selectMany = database.transaction((keys: readonly string[]) => keys.map((key) => select.get(key)))
    const upsertMany = database.transaction((entries: readonly Entry[]) => {
      for (const [key, value] of entries) upsert.run(key, value)
    })
    return {
      get: (key) => select.get(key),
      set: (key, value) => upsert.run(key, value),
      delete: (key) => remove.run(key),
      incr: (key) => increment.all(key)[0],
      getMany: (keys) => selectMany(keys),
      setMany: (entries) => upsertMany.immediate(entries),
      close: () => database.close(),
    }
  },
}
