import Database from 'better-sqlite3'

const SCHEMA = 'CREATE TABLE IF NOT EXISTS kv (key TEXT PRIMARY KEY, value)'

const SELECT = 'SELECT value FROM kv WHERE key = ?'

const UPSERT =
  'INSERT INTO kv (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'

const DELETE = 'DELETE FROM kv WHERE key = ?'

const DELETE_OLDEST = 'DELETE FROM kv WHERE rowid = (SELECT MIN(rowid) FROM kv)'

/** Pages that are kept in memory: as many as the cache keeps. */
const CACHE_SIZE = 8_192

type Value = string | bigint

/** The yardstick: the least that a key-value store in SQLite can do, with the journal and durability of the cache. */
export class BareDatabase implements Disposable {
  readonly file: string
  readonly #database: Database.Database
  readonly #select: Database.Statement<[string], Value>
  readonly #upsert: Database.Statement<[string, Value]>
  readonly #delete: Database.Statement<[string]>
  readonly #selectAll: (keys: readonly string[]) => void
  readonly #replaceOldest: (key: string, value: Value) => void
  readonly #upsertAll: (entries: readonly (readonly [string, Value])[]) => void

  constructor(file: string) {
    this.file = file
    this.#database = new Database(file)
    this.#database.pragma('journal_mode = WAL')
    this.#database.pragma('synchronous = NORMAL')
    this.#database.pragma(`cache_size = ${CACHE_SIZE}`)
    this.#database.exec(SCHEMA)
    this.#select = this.#database.prepare<[string], Value>(SELECT).pluck()
    this.#upsert = this.#database.prepare(UPSERT)
    this.#delete = this.#database.prepare(DELETE)
    const deleteOldest = this.#database.prepare(DELETE_OLDEST)
    this.#replaceOldest = this.#database.transaction((key, value) => {
      this.#upsert.run(key, value)
      deleteOldest.run()
    }).immediate
    this.#selectAll = this.#database.transaction((keys) => {
      for (const key of keys) this.#select.get(key)
    })
    this.#upsertAll = this.#database.transaction((entries) => {
      for (const [key, value] of entries) this.#upsert.run(key, value)
    })
  }

  select(key: string): Value | undefined {
    return this.#select.get(key)
  }

  upsert(key: string, value: Value): void {
    this.#upsert.run(key, value)
  }

  delete(key: string): void {
    this.#delete.run(key)
  }

  /** Writes an entry and removes the one that was inserted first, in one transaction. */
  replaceOldest(key: string, value: Value): void {
    this.#replaceOldest(key, value)
  }

  /** In one read transaction. */
  selectAll(keys: readonly string[]): void {
    this.#selectAll(keys)
  }

  /** In one transaction. */
  upsertAll(entries: readonly (readonly [string, Value])[]): void {
    this.#upsertAll(entries)
  }

  close(): void {
    this.#database.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** Opens the existing database `file`, prepares what reads and writes need, and closes it. */
export function openAndClose(file: string): void {
  const database = new Database(file, { fileMustExist: true })
  database.prepare(SELECT)
  database.prepare(UPSERT)
  database.close()
}
