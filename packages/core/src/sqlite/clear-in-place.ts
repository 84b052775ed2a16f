import { Connection } from './connection/connection.ts'
import type { Engine } from './connection/engine.ts'
import { workNow } from './connection/work.ts'

/** What is cleared, and with what. */
export interface ClearOptions {
  /** The connection of this process to the database, which must not be in a transaction. */
  readonly connection: Connection
  /** The path of the database. */
  readonly file: string
  /** The copy of better-sqlite3 to use. */
  readonly engine: Engine
  /** The largest rowid of what is to go: newer entries stay. */
  readonly newest: bigint
}

/** What went. */
export interface Cleared {
  /** The number of rows. */
  readonly count: number
  /** The files of their values, which no row names any more. */
  readonly filenames: readonly string[]
}

/**
 * The most newer rows that are carried over, and the most files that are looked up, under the lock. Where there are more,
 * nothing is cleared.
 */
const MOST_ROWS = 1_000

/** The tables of this version. What the last one holds is forgotten. */
const KNOWN_TABLES: readonly string[] = ['Cache', 'Settings', 'node_ghosts', 'node_tagged']

interface SchemaRow {
  readonly type: string
  readonly name: string
  readonly sql: string
}

const SCHEMA = `
  SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type = 'table' DESC, rowid`

/** What stands in the header of a database and is to stay. */
const HEADER = ['page_size', 'auto_vacuum', 'user_version', 'application_id'] as const

const COUNT = 'SELECT COUNT(*) AS count FROM (SELECT 1 FROM Cache WHERE rowid > ? LIMIT ?)'

const TOTAL = "SELECT value AS count FROM Settings WHERE key = 'count'"

const FILENAMES = `
  SELECT filename FROM Cache WHERE filename IS NOT NULL AND rowid <= ? ORDER BY filename LIMIT ?`

const NEWER = 'SELECT * FROM Cache WHERE rowid > ?'

const SETTINGS = 'SELECT key, value FROM Settings'

const NEWEST = 'SELECT COALESCE(MAX(rowid), 0) AS newest FROM Cache'

const SET_SETTING = 'INSERT OR REPLACE INTO Settings (key, value) VALUES (?, ?)'

const NOTE_NEWEST = "UPDATE Settings SET value = MAX(value, ?) WHERE key = 'node_newest'"

type Value = string | number | bigint | Buffer | null

/**
 * Removes all rows up to `newest` without visiting them: writes a database of the same schema and settings, with the
 * newer rows alone, over this one, in one transaction of SQLite's own that other processes go on after. Returns what
 * went; `undefined` when that cannot be done here, and nothing has changed: the schema has tables of a later version, or
 * too much would have to be done while the lock is held.
 *
 * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock, ERR_DISKCACHE_FULL,
 * ERR_DISKCACHE_CORRUPT, ERR_DISKCACHE_ENGINE when better-sqlite3 cannot copy pages
 */
export function clearInPlace({ connection, file, engine, newest }: ClearOptions): Cleared | undefined {
  const schema = connection.query<SchemaRow>(SCHEMA).all()
  const tables = schema.filter(({ type }) => type === 'table').map(({ name }) => name)
  if (!tables.every((name) => KNOWN_TABLES.includes(name))) return undefined
  using empty = new Connection(':memory:', { engine, timeout: 0, readonly: false })
  for (const name of HEADER) empty.execute(`PRAGMA ${name} = ${headerOf(connection, name)}`)
  for (const { sql } of schema) empty.execute(sql)
  let cleared: Cleared | undefined
  const prepare = () => {
    cleared = lookUp(connection, newest)
    if (cleared !== undefined) carryOver(connection, empty, newest)
    return cleared !== undefined
  }
  workNow(empty.writeOver(file, connection.timeout, prepare))
  return cleared
}

function headerOf(connection: Connection, name: (typeof HEADER)[number]): bigint {
  const row = connection.query<Record<string, bigint>>(`PRAGMA ${name}`).get()
  return row?.[name] ?? 0n
}

/** Returns what is to go, `undefined` when that is too much. */
function lookUp(connection: Connection, newest: bigint): Cleared | undefined {
  const countOf = (sql: string, ...bounds: bigint[]) =>
    Number(connection.query<{ count: bigint }>(sql).get(...bounds)?.count ?? 0n)
  const most = BigInt(MOST_ROWS + 1)
  const newer = countOf(COUNT, newest, most)
  const filenames = connection.query<{ filename: string }>(FILENAMES).all(newest, most)
  if (newer > MOST_ROWS || filenames.length > MOST_ROWS) return undefined
  return { count: countOf(TOTAL) - newer, filenames: filenames.map(({ filename }) => filename) }
}

/** Copies the settings and the newer rows; triggers count these. */
function carryOver(from: Connection, into: Connection, newest: bigint): void {
  into.transact(() => {
    const set = into.query(SET_SETTING)
    for (const { key, value } of from.query<{ key: string; value: Value }>(SETTINGS).all())
      set.run(key, value)
    for (const counter of ['count', 'size']) set.run(counter, 0n)
    // No row may get the number of one that was there.
    into.query(NOTE_NEWEST).run(from.query<{ newest: bigint }>(NEWEST).get()?.newest ?? 0n)
    for (const row of from.query<Record<string, Value>>(NEWER).all(newest)) {
      const columns = Object.keys(row)
      const values = columns.map(() => '?').join(', ')
      into.query(`INSERT INTO Cache (${columns.join(', ')}) VALUES (${values})`).run(...Object.values(row))
    }
  })
}
