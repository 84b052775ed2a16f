import type { Connection } from '../connection/connection.ts'
import { damageError } from '../connection/damage-error.ts'
import { checkObjects, type SchemaObject, unusable } from './accepted-objects.ts'
import { CODEC_COPY_ROW, CODEC_ROW } from './codec-name.ts'
import {
  CACHE_TABLE,
  FORMAT_VERSION,
  GHOST_TABLE,
  INDEXES,
  SETTINGS_TABLE,
  TAG_INDEX,
  TAG_TABLE,
  TAG_TABLE_INDEX,
  TAG_TRIGGERS,
  TRIGGERS,
} from './definitions.ts'
import { type EvictionColumn, type EvictionPolicy, evictionColumn, needsIndex } from './eviction-policy.ts'
import {
  DEFAULT_SETTINGS,
  rowsFromSettings,
  type SettingRow,
  settingsOfOlder,
  UNVERIFIED_ROW,
} from './settings.ts'

/** The columns that are ours. Where Python, or a version before, made the table, they are added. */
const OWN_COLUMNS = { node_pin: 'INTEGER', node_sum: 'REAL', node_tags: 'TEXT' } as const

const COUNTERS: readonly SettingRow[] = ['count', 'size', 'hits', 'misses', 'node_newest'].map((key) => ({
  key,
  value: 0n,
}))

/**
 * What a database holds: nothing yet, what Python or a version before made and we have to adapt before the first
 * write, or our own schema.
 */
export type SchemaState = 'missing' | 'older' | 'current'

/**
 * Looks at the schema without changing it, and returns what the database holds.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT for a schema that is not ours, that holds anything that would run by
 * itself (triggers, views, constraints), or that comes from a version with another format; ERR_DISKCACHE_CORRUPT for
 * one that nearly is ours
 */
export function inspectSchema(connection: Connection): SchemaState {
  const version = userVersion(connection)
  const isDamaged = isDamagedVersion(version)
  if (isLaterVersion(version)) {
    throw unusable(
      `it has format ${version}, and this version reads up to ${FORMAT_VERSION}; update @diskcache/core`,
    )
  }
  const objects = connection.query<SchemaObject>('SELECT type, name, sql FROM sqlite_schema').all()
  checkObjects(objects, version)
  if (isDamaged) throw damageError(`its format ${version} cannot be one`)
  const names = new Set(objects.map(({ name }) => name))
  if (!names.has('Cache') || !names.has('Settings')) return 'missing'
  return version >= FORMAT_VERSION && objects.every(isOurs) ? 'current' : 'older'
}

/**
 * Creates what is missing and adapts what Python or a version before made, inside a transaction, and returns whether
 * the database was empty.
 */
export function writeSchema(connection: Connection, codec: string): boolean {
  const state = inspectSchema(connection)
  if (state === 'current') return false
  const names = namesOf(connection)
  if (!names.has('Settings')) connection.execute(SETTINGS_TABLE)
  if (!names.has('Cache')) connection.execute(CACHE_TABLE)
  const isWithoutSums = names.has('Cache') && addOwnColumns(connection).includes('node_sum')
  for (const [name, sql] of Object.entries(INDEXES)) if (!names.has(name)) connection.execute(sql)
  for (const [name, sql] of Object.entries(TRIGGERS)) {
    connection.execute(`DROP TRIGGER IF EXISTS ${name}`)
    connection.execute(sql)
  }
  const insert = connection.query('INSERT OR IGNORE INTO Settings (key, value) VALUES (?, ?)')
  for (const { key, value } of [
    ...COUNTERS,
    ...rowsFromSettings(state === 'older' ? settingsOfOlder() : DEFAULT_SETTINGS),
    { key: CODEC_ROW, value: codec },
  ]) {
    insert.run(key, value)
  }
  connection
    .query('INSERT OR IGNORE INTO Settings (key, value) SELECT ?, value FROM Settings WHERE key = ?')
    .run(CODEC_COPY_ROW, CODEC_ROW)
  if (isWithoutSums) insert.run(UNVERIFIED_ROW, 1n)
  connection.execute(`PRAGMA user_version = ${FORMAT_VERSION}`)
  return state === 'missing'
}

/**
 * Makes the table or the index of the policy, where it needs one, and drops the indexes of other policies, which would
 * only slow writes down. An index that Python made for its own evictions stays.
 */
export function writeEvictionSchema(connection: Connection, policy: EvictionPolicy): void {
  if (policy === 's3-fifo') writeGhostTable(connection)
  const wanted = evictionColumn(policy)
  for (const column of ['store_time', 'access_time', 'access_count'] satisfies EvictionColumn[]) {
    const name = `Cache_${column}`
    if (column !== wanted) connection.execute(`DROP INDEX IF EXISTS ${name}`)
    else if (needsIndex(policy)) connection.execute(`CREATE INDEX IF NOT EXISTS ${name} ON Cache (${column})`)
  }
}

/** Makes the table of fingerprints, where it is missing. */
export function writeGhostTable(connection: Connection): void {
  connection.execute(GHOST_TABLE.replace('TABLE', 'TABLE IF NOT EXISTS'))
}

/** Makes the indexes of tags, or drops them, inside a transaction. */
export function writeTagIndex(connection: Connection, wanted: boolean): void {
  const names = namesOf(connection)
  if (wanted && !names.has('Cache_tag_rowid')) connection.execute(TAG_INDEX)
  if (wanted && !names.has('node_tagged')) makeTagTable(connection)
  if (wanted) return
  for (const name of Object.keys(TAG_TRIGGERS)) connection.execute(`DROP TRIGGER IF EXISTS ${name}`)
  connection.execute('DROP TABLE IF EXISTS node_tagged; DROP INDEX IF EXISTS Cache_tag_rowid')
}

/** Makes what finds entries by their other tags. */
function makeTagTable(connection: Connection): void {
  connection.execute(`${TAG_TABLE}; ${TAG_TABLE_INDEX}`)
  for (const sql of Object.values(TAG_TRIGGERS)) connection.execute(sql)
  connection.execute(`INSERT OR IGNORE INTO node_tagged
    SELECT each.value, Cache.rowid FROM Cache, json_each(CASE WHEN json_valid(node_tags) THEN node_tags END) AS each`)
}

/** The largest number that a version may come to have. */
const LAST_VERSION = 9_999

/**
 * Returns whether a version is none at all, or the present one with one bit flipped. A later breaking version must not
 * have such a number.
 */
function isDamagedVersion(version: number): boolean {
  if (version < 0 || version > LAST_VERSION) return true
  const difference = (version ^ FORMAT_VERSION) >>> 0
  const isAdditive = Math.floor(version / 100) === Math.floor(FORMAT_VERSION / 100)
  return !isAdditive && difference !== 0 && (difference & (difference - 1)) === 0
}

/** Returns whether a version is one of a later format, which is refused. */
export function isLaterVersion(version: number): boolean {
  return !isDamagedVersion(version) && Math.floor(version / 100) > Math.floor(FORMAT_VERSION / 100)
}

/** Returns whether the object needs no adapting. Python's triggers do, because of their double quotes. */
function isOurs({ type, sql }: SchemaObject): boolean {
  return type !== 'trigger' || !String(sql).includes('"')
}

/** Adds the columns that are ours, where they are missing, and returns the names of those that were. */
function addOwnColumns(connection: Connection): string[] {
  const missing = missingColumns(connection)
  for (const [name, type] of missing) connection.execute(`ALTER TABLE Cache ADD COLUMN ${name} ${type}`)
  return missing.map(([name]) => name)
}

function missingColumns(connection: Connection): [name: string, type: string][] {
  const columns = connection.query<{ name: string }>("SELECT name FROM pragma_table_xinfo('Cache')").all()
  return Object.entries(OWN_COLUMNS).filter(([name]) => !columns.some((column) => column.name === name))
}

function namesOf(connection: Connection): Set<string> {
  const rows = connection.query<{ name: string }>('SELECT name FROM sqlite_schema').all()
  return new Set(rows.map(({ name }) => name))
}

/**
 * Lets a connection that may not write read what Python or a version before made: the table, with the columns that
 * are not there.
 */
export function readAsCurrent(connection: Connection): void {
  const missing = missingColumns(connection).map(([name]) => `, NULL AS ${name}`)
  connection.execute(`CREATE TEMP VIEW Cache AS SELECT *${missing.join('')} FROM main.Cache`)
}

function userVersion(connection: Connection): number {
  return Number(connection.query<{ user_version: bigint }>('PRAGMA user_version').get()?.user_version)
}
