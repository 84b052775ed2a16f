import { quote } from '../../checks/argument-check.ts'
import { DiskCacheError } from '../../contract/errors.ts'
import { damageError } from '../connection/damage-error.ts'
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

/** What the table `sqlite_schema` says of a table, index, trigger or view. */
export interface SchemaObject {
  readonly type: unknown
  readonly name: unknown
  /** The statement that made the object: a string or null, unless somebody has changed it. */
  readonly sql: unknown
}

/** The most objects of a cache, and the longest statement that makes one, in characters. A cache has some twenty. */
const MOST_OBJECTS = 100
const LONGEST_SQL = 16_384

/**
 * Looks at all that a schema holds. Whatever SQLite would run by itself must be known to the letter: triggers, views,
 * constraints, defaults, indexed expressions. Beside it there may be tables, indexes and columns of a later version,
 * whose names begin with `node_`, and which are nothing but columns.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT for what no cache has, ERR_DISKCACHE_CORRUPT for what nearly is ours. The
 * first comes first: damage is mended by SQLite's own means, which would run what is not ours.
 */
export function checkObjects(objects: readonly SchemaObject[], version: number): void {
  if (objects.length > MOST_OBJECTS)
    throw unusable(`its database holds more than ${MOST_OBJECTS} tables and indexes`)
  const strange = objects.filter((object) => !isAccepted(object))
  const foreign = strange.find((object) => !isDamagedForm(object, version))
  if (foreign !== undefined)
    throw unusable(`its database holds the ${titleOf(foreign)}, which is not of a cache`)
  const [damaged] = strange
  if (damaged !== undefined) throw damageError(`what defines its ${titleOf(damaged)} is damaged`)
}

/** Makes the error for a directory that holds something else than a cache of a format that is known. */
export function unusable(state: string): DiskCacheError {
  return new DiskCacheError('ERR_DISKCACHE_FORMAT', `Cannot use the directory as a cache: ${state}`)
}

function titleOf({ type, name }: SchemaObject): string {
  return `${typeof type === 'string' ? type.slice(0, 20) : 'object'} ${quote(name)}`
}

function isAccepted({ type, name, sql }: SchemaObject): boolean {
  if (typeof name !== 'string') return false
  // SQLite's own index, for the one UNIQUE that there is, has no text.
  if (sql === null) return type === 'index' && name === OWN_AUTOINDEX
  if (typeof sql !== 'string' || sql.length > LONGEST_SQL) return false
  const text = normalise(sql)
  if (KNOWN_SQL.get(name)?.has(text) === true) return true
  return type === 'table' ? isLaterTable(name, text) : LATER_INDEX.exec(text)?.[1] === name
}

/** Returns whether a table is ours with columns of a later version, or one of a later version. */
function isLaterTable(name: string, text: string): boolean {
  const head = TABLE_HEADS.get(name)
  if (head !== undefined) return text.startsWith(head) && LATER_COLUMNS.test(text.slice(head.length))
  return LATER_TABLE.exec(text)?.[1] === name
}

/**
 * Returns SQL in one form: two statements that differ only in white space or quotes around strings become the same.
 * White space is what SQLite takes for it, and no more: any other character is part of a name.
 */
function normalise(sql: string): string {
  return sql
    .replace(/"(count|size)"/g, "'$1'")
    .replace(/[ \t\n\f\r]+/g, ' ')
    .replace(/ ?([(),;]) ?/g, '$1')
}

const OWN_AUTOINDEX = 'sqlite_autoindex_Settings_1'

/** The type that a column of a later version may have. */
const TYPE = '(?: (?:INTEGER|REAL|TEXT|BLOB))?'

/** The end of a table with columns of a later version. */
const LATER_COLUMNS = new RegExp(`^(?:,node_\\w+${TYPE})*\\)$`)

/** The form of a table of a later version: of columns, and nothing about them. */
const LATER_TABLE = new RegExp(
  `^CREATE TABLE (node_\\w+)\\(\\w+${TYPE}(?: PRIMARY KEY)?(?:,\\w+${TYPE})*\\)$`,
)

/** The form of an index of a later version: of columns, and of no expression. */
const LATER_INDEX = /^CREATE INDEX (node_\w+) ON \w+\(\w+(?:,\w+)*\)(?: ?WHERE \w+ IS NOT NULL)?$/

/** The indexes that Python makes, each at times only for rows that have the column; the first alone is unique. */
const PYTHON_INDEXES: Readonly<Record<string, string>> = {
  Cache_expire_time: 'expire_time',
  Cache_store_time: 'store_time',
  Cache_access_time: 'access_time',
  Cache_access_count: 'access_count',
  Cache_tag_rowid: 'tag, rowid',
}

/** The tables in which SQLite keeps what `ANALYZE` has counted. */
const STATISTICS: Readonly<Record<string, string>> = {
  sqlite_stat1: 'CREATE TABLE sqlite_stat1(tbl,idx,stat)',
  sqlite_stat4: 'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)',
}

/** The table as Python makes it, without our columns. */
const PYTHON_TABLE = CACHE_TABLE.replace(/,\s*node_\w+ [A-Z]+/g, '')

/** The texts that an object may have, by its name. */
const KNOWN_SQL: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [
    ...Object.entries(STATISTICS).map(([name, sql]) => [name, [sql]] as const),
    ...Object.entries(INDEXES).map(([name, sql]) => [name, [sql]] as const),
    ...Object.entries(PYTHON_INDEXES).map(([name, columns]) => [name, indexForms(name, columns)] as const),
    ...Object.entries(TRIGGERS).map(([name, sql]) => [name, triggerForms(name, sql)] as const),
    ...Object.entries(TAG_TRIGGERS).map(([name, sql]) => [name, [sql]] as const),
    ['node_tagged', [TAG_TABLE]] as const,
    ['node_tagged_entry', [TAG_TABLE_INDEX]] as const,
  ].map(([name, forms]) => [name, new Set(forms.map(normalise))]),
)

/** Our tables up to the end of their columns, behind which those of a later version may stand. */
const TABLE_HEADS: ReadonlyMap<string, string> = new Map(
  Object.entries({ Cache: PYTHON_TABLE, Settings: SETTINGS_TABLE, node_ghosts: GHOST_TABLE }).map(
    ([name, sql]) => [name, normalise(sql).slice(0, -1)],
  ),
)

function indexForms(name: string, columns: string): string[] {
  const index = `CREATE INDEX ${name} ON Cache (${columns})`
  return [index, `${index} WHERE ${columns.split(',')[0]} IS NOT NULL`]
}

function triggerForms(name: string, sql: string): string[] {
  if (name.startsWith('node_')) return [sql]
  return [sql, sql.replace(/ WHEN [^B]*|\nWHEN [^B]*/, ' ').replace('UPDATE OF size', 'UPDATE')]
}

/** The objects of our own schema, each as one text. */
const OWN_FORMS = [
  `table Settings ${SETTINGS_TABLE}`,
  `table Cache ${CACHE_TABLE}`,
  ...Object.entries(INDEXES).map(([name, sql]) => `index ${name} ${sql}`),
  `index Cache_tag_rowid ${TAG_INDEX}`,
  `table node_tagged ${TAG_TABLE}`,
  `index node_tagged_entry ${TAG_TABLE_INDEX}`,
  'index Cache_access_count CREATE INDEX Cache_access_count ON Cache (access_count)',
  `table node_ghosts ${GHOST_TABLE}`,
  `index ${OWN_AUTOINDEX} null`,
  ...Object.entries({ ...TRIGGERS, ...TAG_TRIGGERS }).map(([name, sql]) => `trigger ${name} ${sql}`),
]

/**
 * The number of characters by which a damaged text may differ from what it was; more of them where the version says
 * that it is ours, it has kept its length, and it holds what nobody writes.
 */
const DAMAGED_CHARACTERS = { anywhere: 2, inPlace: 16 } as const

/** What the texts of a schema are made of. */
const WRITTEN = /^[\w\s"'(),;.<>=+-]*$/

/** Returns whether an object is nearly, and not quite, one of our own: nobody writes that, but a damaged disk does. */
function isDamagedForm({ type, name, sql }: SchemaObject, version: number): boolean {
  const { inPlace, anywhere } = DAMAGED_CHARACTERS
  // One bit makes bytes of a text.
  const text = `${type} ${name} ${Buffer.isBuffer(sql) ? sql.toString('latin1') : sql}`
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
