import Database from 'better-sqlite3'

const SELECT = 'SELECT value FROM kv WHERE key = ?'

const UPSERT =
  'INSERT INTO kv (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'

const INCREMENT =
  'INSERT INTO kv (key, value) VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value'

const DELETE_OLDEST = 'DELETE FROM kv WHERE rowid = (SELECT MIN(rowid) FROM kv)'

/** Pages that are kept in memory: as many as the cache keeps. */
const CACHE_SIZE = 8_192

/** Longer than any other process has the lock. */
const PATIENCE = 60_000

type Entries = readonly (readonly [key: string, value: string])[]

export type BareDatabase = ReturnType<typeof bareDatabase>

/** Opens the yardstick: the least that a key-value store in SQLite can do, with the journal and durability of the cache. */
export function bareDatabase(file: string) {
  const database = new Database(file, { timeout: PATIENCE })
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = NORMAL')
  database.pragma(`cache_size = ${CACHE_SIZE}`)
  database.exec('CREATE TABLE IF NOT EXISTS kv (key TEXT PRIMARY KEY, value)')
  const select = database.prepare<[string], string>(SELECT).pluck()
  const upsert = database.prepare<[string, string]>(UPSERT)
  const remove = database.prepare<[string]>('DELETE FROM kv WHERE key = ?')
  const increment = database.prepare<[string], number>(INCREMENT).pluck()
  const deleteOldest = database.prepare(DELETE_OLDEST)
  const upsertAll = (entries: Entries) => {
    for (const [key, value] of entries) upsert.run(key, value)
  }
  const replaceOldest = (key: string, value: string) => {
    upsert.run(key, value)
    deleteOldest.run()
  }
  const close = () => database.close()
  return {
    file,
    select: (key: string) => select.get(key),
    upsert: (key: string, value: string) => upsert.run(key, value),
    delete: (key: string) => remove.run(key),
    increment: (key: string) => increment.all(key)[0],
    /** In one read transaction. */
    selectAll: database.transaction((keys: readonly string[]) => keys.map((key) => select.get(key))),
    /** In one transaction, as everything that follows. */
    upsertAll: database.transaction(upsertAll).immediate,
    /** Writes an entry and removes the one that was inserted first. */
    replaceOldest: database.transaction(replaceOldest).immediate,
    close,
    [Symbol.dispose]: close,
  }
}
