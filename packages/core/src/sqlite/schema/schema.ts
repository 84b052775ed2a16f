import { DiskCacheError } from '../../contract/errors.ts'
import type { Connection } from '../connection/connection.ts'
import { damageError } from '../connection/damage-error.ts'
import { CODEC_COPY_ROW, CODEC_ROW } from './codec-name.ts'
import { type EvictionColumn, type EvictionPolicy, evictionColumn, needsIndex } from './eviction-policy.ts'
import { DEFAULT_SETTINGS, rowsFromSettings, type SettingRow, UNVERIFIED_ROW } from './settings.ts'

/** The version of the format, 100 × breaking version + additive version, in `PRAGMA user_version`. Python leaves 0. */
export const FORMAT_VERSION = 200

const SETTINGS_TABLE = 'CREATE TABLE Settings (key TEXT NOT NULL UNIQUE, value)'

const CACHE_TABLE = `
CREATE TABLE Cache (
  rowid INTEGER PRIMARY KEY,
  key BLOB,
  raw INTEGER,
  store_time REAL,
  expire_time REAL,
  access_time REAL,
  access_count INTEGER DEFAULT 0,
  tag BLOB,
  size INTEGER DEFAULT 0,
  mode INTEGER DEFAULT 0,
  filename TEXT,
  value BLOB,
  node_pin INTEGER,
  node_sum REAL
)
`.trim()

/** The columns that are ours. Where Python, or a version before, made the table, they are added. */
const OWN_COLUMNS = { node_pin: 'INTEGER', node_sum: 'REAL' } as const

const INDEXES = {
  Cache_key_raw: 'CREATE UNIQUE INDEX Cache_key_raw ON Cache (key, raw)',
  Cache_expire_time: 'CREATE INDEX Cache_expire_time ON Cache (expire_time) WHERE expire_time IS NOT NULL',
  node_filename: 'CREATE INDEX node_filename ON Cache (filename) WHERE filename IS NOT NULL',
} as const

const TAG_INDEX = 'CREATE INDEX IF NOT EXISTS Cache_tag_rowid ON Cache (tag, rowid) WHERE tag IS NOT NULL'

/**
 * The triggers that keep the counters, under Python's names. Python writes its strings in double quotes, which this
 * build of SQLite refuses, and touches the counter also when the size stays the same.
 */
const TRIGGERS = {
  Settings_count_insert: `CREATE TRIGGER Settings_count_insert AFTER INSERT ON Cache FOR EACH ROW BEGIN
  UPDATE Settings SET value = value + 1 WHERE key = 'count'; END`,
  Settings_count_delete: `CREATE TRIGGER Settings_count_delete AFTER DELETE ON Cache FOR EACH ROW BEGIN
  UPDATE Settings SET value = value - 1 WHERE key = 'count'; END`,
  Settings_size_insert: `CREATE TRIGGER Settings_size_insert AFTER INSERT ON Cache FOR EACH ROW WHEN NEW.size <> 0 BEGIN
  UPDATE Settings SET value = value + NEW.size WHERE key = 'size'; END`,
  Settings_size_update: `CREATE TRIGGER Settings_size_update AFTER UPDATE OF size ON Cache FOR EACH ROW
WHEN NEW.size <> OLD.size BEGIN
  UPDATE Settings SET value = value + NEW.size - OLD.size WHERE key = 'size'; END`,
  Settings_size_delete: `CREATE TRIGGER Settings_size_delete AFTER DELETE ON Cache FOR EACH ROW WHEN OLD.size <> 0 BEGIN
  UPDATE Settings SET value = value - OLD.size WHERE key = 'size'; END`,
  // Otherwise SQLite would give the number of the newest row again, to one that is added during an iteration.
  node_newest: `CREATE TRIGGER node_newest AFTER DELETE ON Cache FOR EACH ROW
WHEN OLD.rowid > (SELECT COALESCE(MAX(rowid), 0) FROM Cache) BEGIN
  UPDATE Settings SET value = MAX(value, OLD.rowid) WHERE key = 'node_newest'; END`,
  // Whoever does not know our columns leaves them as they are: what they say is then about the value before.
  node_foreign_write: `CREATE TRIGGER node_foreign_write AFTER UPDATE OF store_time, mode, value, filename ON Cache FOR EACH ROW
WHEN NEW.node_sum IS OLD.node_sum BEGIN
  UPDATE Cache SET node_pin = NULL, node_sum = NULL WHERE rowid = NEW.rowid; END`,
} as const

const COUNTERS: readonly SettingRow[] = ['count', 'size', 'hits', 'misses', 'node_newest'].map((key) => ({
  key,
  value: 0n,
}))

/** The table as Python makes it, without our columns. */
const PYTHON_TABLE = CACHE_TABLE.replace(/,\s*node_\w+ [A-Z]+/g, '')

/**
 * What a database holds: nothing yet, what Python or a version before made and we have to adapt before the first
 * write, or our own schema.
 */
export type SchemaState = 'missing' | 'older' | 'current'

interface SchemaObject {
  type: string
  name: string
  /** The statement that made the object: a string or null, unless somebody has changed it. */
  sql: unknown
}

/**
 * Looks at the schema without changing it, and returns what the database holds.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT for a schema that is not ours, that holds anything that would run by
 * itself (triggers, views), or that comes from a version with another format
 */
export function inspectSchema(connection: Connection): SchemaState {
  const version = userVersion(connection)
  if (isDamagedVersion(version)) {
    throw damageError(`its format ${version} cannot be one`)
  }
  if (Math.floor(version / 100) > Math.floor(FORMAT_VERSION / 100)) {
    throw unusable(
      `it has format ${version}, and this version reads up to ${FORMAT_VERSION}; update @diskcache/core`,
    )
  }
  const objects = connection.query<SchemaObject>('SELECT type, name, sql FROM sqlite_schema').all()
  for (const object of objects) checkObject(object, version)
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
  const names = new Set(
    connection
      .query<{ name: string }>('SELECT name FROM sqlite_schema')
      .all()
      .map((row) => row.name),
  )
  if (!names.has('Settings')) connection.execute(SETTINGS_TABLE)
  if (!names.has('Cache')) connection.execute(CACHE_TABLE)
  else addOwnColumns(connection)
  for (const [name, sql] of Object.entries(INDEXES)) if (!names.has(name)) connection.execute(sql)
  for (const [name, sql] of Object.entries(TRIGGERS)) {
    connection.execute(`DROP TRIGGER IF EXISTS ${name}`)
    connection.execute(sql)
  }
  const insert = connection.query('INSERT OR IGNORE INTO Settings (key, value) VALUES (?, ?)')
  for (const { key, value } of [
    ...COUNTERS,
    ...rowsFromSettings(DEFAULT_SETTINGS),
    { key: CODEC_ROW, value: codec },
  ]) {
    insert.run(key, value)
  }
  connection
    .query('INSERT OR IGNORE INTO Settings (key, value) SELECT ?, value FROM Settings WHERE key = ?')
    .run(CODEC_COPY_ROW, CODEC_ROW)
  if (state === 'older') insert.run(UNVERIFIED_ROW, 1n)
  connection.execute(`PRAGMA user_version = ${FORMAT_VERSION}`)
  return state === 'missing'
}

/**
 * Makes the index of the policy, where it needs one, and drops those of other policies, which would only slow writes
 * down. An index that Python made for its own evictions stays.
 */
export function writeEvictionIndex(connection: Connection, policy: EvictionPolicy): void {
  const wanted = evictionColumn(policy)
  for (const column of ['store_time', 'access_time', 'access_count'] satisfies EvictionColumn[]) {
    const name = `Cache_${column}`
    if (column !== wanted) connection.execute(`DROP INDEX IF EXISTS ${name}`)
    else if (needsIndex(policy)) connection.execute(`CREATE INDEX IF NOT EXISTS ${name} ON Cache (${column})`)
  }
}

/** Makes the index of tags, or drops it. */
export function writeTagIndex(connection: Connection, wanted: boolean): void {
  connection.execute(wanted ? TAG_INDEX : 'DROP INDEX IF EXISTS Cache_tag_rowid')
}

/**
 * The columns of the indexes that Python writes, as `Name ON Cache (columns)`, perhaps only for rows that have the
 * column.
 */
const INDEX_COLUMNS: Record<string, string> = {
  Cache_key_raw: 'key, raw',
  Cache_expire_time: 'expire_time',
  Cache_store_time: 'store_time',
  Cache_access_time: 'access_time',
  Cache_access_count: 'access_count',
  Cache_tag_rowid: 'tag, rowid',
}

/**
 * Returns SQL in one form: two statements that differ only in white space or quotes around strings become the same.
 */
function normalise(sql: string): string {
  return sql
    .replace(/"(count|size)"/g, "'$1'")
    .replace(/\s+/g, ' ')
    .replace(/ ?([(),;]) ?/g, '$1')
}

const KNOWN_SQL = new Map<string, Set<string>>(
  Object.entries(INDEX_COLUMNS).map(([name, columns]) => [name, indexForms(name, columns)]),
)
for (const [name, sql] of Object.entries(TRIGGERS)) {
  const forms = name.startsWith('node_') ? [sql] : [sql, pythonForm(sql)]
  KNOWN_SQL.set(name, new Set(forms.map(normalise)))
}

KNOWN_SQL.set('Cache', new Set([normalise(PYTHON_TABLE)]))
KNOWN_SQL.set('Settings', new Set([normalise(SETTINGS_TABLE)]))

function pythonForm(trigger: string): string {
  return trigger.replace(/ WHEN [^B]*|\nWHEN [^B]*/, ' ').replace('UPDATE OF size', 'UPDATE')
}

function indexForms(name: string, columns: string): Set<string> {
  const condition = ` WHERE ${columns.split(',')[0]} IS NOT NULL`
  const plain = ['', 'UNIQUE '].map((kind) => `CREATE ${kind}INDEX ${name} ON Cache (${columns})`)
  return new Set(plain.flatMap((sql) => [normalise(sql), normalise(sql + condition)]))
}

/**
 * Throws for an object that no cache has. Whatever SQLite would run by itself must be known to the letter: triggers,
 * views, constraints, indexed expressions. Beside it there may be tables, plain indexes and columns of a later
 * version, whose names begin with `node_`.
 */
function checkObject({ type, name, sql }: SchemaObject, version: number): void {
  if (type === 'table' ? isLegalTable(name, sql) : isLegalObject(type, name, sql)) return
  // One bit makes bytes of a text.
  const text = Buffer.isBuffer(sql) ? sql.toString('latin1') : sql
  if (isDamagedForm(`${type} ${name} ${text}`, version))
    throw damageError(`what defines its ${type} "${name}" is damaged`)
  throw unusable(`its database holds the ${type} "${name}", which is not of a cache`)
}

function isLegalTable(name: string, sql: unknown): boolean {
  if (/^(node|sqlite)_/i.test(name)) return true
  if (typeof sql !== 'string') return false
  const withoutLaterColumns = normalise(sql).replace(/(,node_\w+( [A-Z]+)?)*\)$/, ')')
  return KNOWN_SQL.get(name)?.has(withoutLaterColumns) === true
}

function isLegalObject(type: string, name: string, sql: unknown): boolean {
  // SQLite's own indexes, for UNIQUE, have no text.
  if (sql === null) return type === 'index' && name.startsWith('sqlite_autoindex_')
  if (typeof sql !== 'string') return false
  return LATER_INDEX.test(normalise(sql)) || KNOWN_SQL.get(name)?.has(normalise(sql)) === true
}

/** The objects of our own schema, each as one text. */
const OWN_FORMS = [
  `table Settings ${SETTINGS_TABLE}`,
  `table Cache ${CACHE_TABLE}`,
  ...Object.entries(INDEXES).map(([name, sql]) => `index ${name} ${sql}`),
  `index Cache_tag_rowid ${TAG_INDEX.replace('IF NOT EXISTS ', '')}`,
  'index Cache_access_count CREATE INDEX Cache_access_count ON Cache (access_count)',
  'index sqlite_autoindex_Settings_1 null',
  ...Object.entries(TRIGGERS).map(([name, sql]) => `trigger ${name} ${sql}`),
]

/**
 * The number of characters by which a damaged text may differ from what it was; more of them where the version says
 * that it is ours, it has kept its length, and it holds what nobody writes.
 */
const DAMAGED_CHARACTERS = { anywhere: 2, inPlace: 16 } as const

/** What the texts of a schema are made of. */
const WRITTEN = /^[\w\s"'(),;.<>=+-]*$/

/** Returns whether a text is nearly, and not quite, one of our own: nobody writes that, but a damaged disk does. */
function isDamagedForm(text: string, version: number): boolean {
  const { inPlace, anywhere } = DAMAGED_CHARACTERS
  return OWN_FORMS.some((form) => {
    const isInPlace = version === FORMAT_VERSION && form.length === text.length && !WRITTEN.test(text)
    if (isInPlace && differences(form, text) <= inPlace) return true
    return Math.max(form.length, text.length) - commonEnds(form, text) <= anywhere
  })
}

/** Returns the number of places in which two texts of one length differ. */
function differences(a: string, b: string): number {
  let count = 0
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++
  return count
}

/** Returns the number of characters that two texts have in common at the beginning and at the end. */
function commonEnds(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  let first = 0
  while (first < shorter && a[first] === b[first]) first++
  let last = 0
  while (last < shorter - first && a.at(-1 - last) === b.at(-1 - last)) last++
  return first + last
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

/** The form of an index of a later version: of columns, and of no expression. */
const LATER_INDEX = /^CREATE INDEX node_\w+ ON \w+\(\w+(,\w+)*\)( ?WHERE \w+ IS NOT NULL)?$/

/** Returns whether the object needs no adapting. Python's triggers do, because of their double quotes. */
function isOurs({ type, sql }: SchemaObject): boolean {
  return type !== 'trigger' || !String(sql).includes('"')
}

function addOwnColumns(connection: Connection): void {
  const columns = connection.query<{ name: string }>("SELECT name FROM pragma_table_xinfo('Cache')").all()
  for (const [name, type] of Object.entries(OWN_COLUMNS)) {
    if (columns.some((column) => column.name === name)) continue
    connection.execute(`ALTER TABLE Cache ADD COLUMN ${name} ${type}`)
  }
}

/**
 * Lets a connection that may not write read what Python or a version before made: the table, with the columns that
 * are not there.
 */
export function readAsCurrent(connection: Connection): void {
  connection.execute('CREATE TEMP VIEW Cache AS SELECT *, NULL AS node_sum FROM main.Cache')
}

function userVersion(connection: Connection): number {
  return Number(connection.query<{ user_version: bigint }>('PRAGMA user_version').get()?.user_version)
}

function unusable(state: string): DiskCacheError {
  return new DiskCacheError('ERR_DISKCACHE_FORMAT', `Cannot use the directory as a cache: ${state}`)
}
