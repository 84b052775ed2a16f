export interface SchemaCase {
  readonly what: string
  /** What an attacker does to the database of an ordinary cache. */
  readonly sql: string
  /** Whether the version matters, so that none else is put in its place. */
  readonly keepsVersion?: true
}

/** A query that never ends. */
const ENDLESS = 'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n'

const ENDLESS_TRIGGER = `AFTER INSERT ON Cache BEGIN ${ENDLESS}; END`

/** An expression that is legal in constraints and indexes, and takes hours: a long search for what is never there. */
const SLOW = "instr(zeroblob(40000000 + size), CAST(zeroblob(20000000) || x'01' AS BLOB))"

const COLUMNS =
  'key BLOB, raw INTEGER, store_time REAL, expire_time REAL, access_time REAL, access_count INTEGER, tag BLOB, ' +
  'size INTEGER, mode INTEGER, filename TEXT, node_pin INTEGER'

/** Replaces the table Cache by one with these columns. */
function remakeCache(columns: string): string {
  return `DROP TABLE Cache; CREATE TABLE Cache (${columns})`
}

/** Not by a statement, because SQLite would work on the rows that are there. */
function changeSql(name: string, from: string, to: string): string {
  const quoted = [from, to].map((sql) => `'${sql.replaceAll("'", "''")}'`)
  return `UPDATE sqlite_schema SET sql = replace(sql, ${quoted}) WHERE name = '${name}'`
}

/** Columns that SQLite would do something about by itself. */
const LATER_TABLES = [
  'a REFERENCES Cache (rowid) ON DELETE RESTRICT',
  'a CHECK (a > 0)',
  'a UNIQUE',
  'a NOT NULL',
  "a DEFAULT 'a'",
  'a DEFAULT (abs(-1))',
  'a COLLATE NOCASE',
  'a AS (b + 1)',
  'FOREIGN KEY (b) REFERENCES Cache (rowid)',
  'UNIQUE (b)',
]

/** Schemas that no version of ours makes. */
export const SCHEMA_CASES: readonly SchemaCase[] = [
  { what: 'a trigger of another name', sql: `CREATE TRIGGER other ${ENDLESS_TRIGGER}` },
  {
    what: 'a trigger of another name on Settings',
    sql: 'CREATE TRIGGER other AFTER UPDATE ON Settings BEGIN DELETE FROM Cache; END',
  },
  {
    what: 'a trigger of our name that never ends',
    sql: `DROP TRIGGER Settings_count_insert; CREATE TRIGGER Settings_count_insert ${ENDLESS_TRIGGER}`,
  },
  {
    what: 'a trigger of our name that does more than ours',
    sql: `DROP TRIGGER Settings_count_delete; CREATE TRIGGER Settings_count_delete AFTER DELETE ON Cache FOR EACH ROW BEGIN
      UPDATE Settings SET value = value - 1 WHERE key = 'count'; DELETE FROM Cache; END`,
  },
  {
    what: 'a trigger of our name that ignores deletions',
    sql: `DROP TRIGGER Settings_count_delete; CREATE TRIGGER Settings_count_delete BEFORE DELETE ON Cache BEGIN
      SELECT RAISE(IGNORE); END`,
  },
  { what: 'a trigger called node_… that never ends', sql: `CREATE TRIGGER node_other ${ENDLESS_TRIGGER}` },
  {
    what: 'a trigger called node_… that ignores deletions',
    sql: 'CREATE TRIGGER node_other BEFORE DELETE ON Cache BEGIN SELECT RAISE(IGNORE); END',
  },
  {
    what: 'a trigger called sqlite_… that never ends',
    sql: `INSERT INTO sqlite_schema VALUES ('trigger', 'sqlite_other', 'Cache', 0, 'CREATE TRIGGER sqlite_other ${ENDLESS_TRIGGER}')`,
  },
  { what: 'a view', sql: 'CREATE VIEW other AS SELECT 1' },
  { what: 'a table', sql: 'CREATE TABLE other (a)' },
  { what: 'a virtual table', sql: 'CREATE VIRTUAL TABLE other USING fts5(a)' },
  { what: 'an index of another name', sql: 'CREATE INDEX other ON Cache (value)' },
  {
    what: 'an index of our name on an expression',
    sql: 'CREATE INDEX Cache_store_time ON Cache (abs(size))',
  },
  { what: 'Cache as a view', sql: `DROP TABLE Cache; CREATE VIEW Cache AS ${ENDLESS}` },
  {
    what: 'Cache as a virtual table',
    sql: 'DROP TABLE Cache; CREATE VIRTUAL TABLE Cache USING fts5(key, value)',
  },
  {
    what: 'Settings as a view',
    sql: `DROP TABLE Settings; CREATE VIEW Settings AS SELECT 'count' AS key, (${ENDLESS}) AS value`,
  },
  { what: 'Cache without the column value', sql: remakeCache(`rowid INTEGER PRIMARY KEY, ${COLUMNS}`) },
  {
    what: 'Cache with a generated value of 400 MB',
    sql:
      remakeCache(`rowid INTEGER PRIMARY KEY, ${COLUMNS}, value BLOB AS (zeroblob(400000000))`) +
      ";INSERT INTO Cache (key, raw, mode) VALUES ('key', 1, 1)",
  },
  { what: 'Cache with a column in upper case', sql: changeSql('Cache', 'rowid', 'ROWID') },
  { what: 'Cache with keys that are all text', sql: changeSql('Cache', 'key BLOB', 'key TEXT') },
  {
    what: 'Cache with a constraint that takes for ever',
    sql: changeSql('Cache', 'node_pin INTEGER', `node_pin INTEGER CHECK (NOT ${SLOW})`),
  },
  {
    what: 'an index called node_… on an expression that takes for ever',
    sql: `CREATE INDEX node_other ON Cache (abs(size)); ${changeSql('node_other', 'abs(size)', SLOW)}`,
  },
  {
    what: 'SQL that is a blob, and none of ours',
    sql: "UPDATE sqlite_schema SET sql = CAST(replace(sql, 'value', 'value CHECK (1)') AS BLOB) WHERE name = 'Settings'",
  },
  {
    what: 'Cache with a rowid that is not unique',
    sql: `${remakeCache(`rowid INTEGER, ${COLUMNS}, value BLOB`)};
      INSERT INTO Cache (rowid, key, raw, mode, value, expire_time) VALUES (NULL, 'key', 1, 1, 'value', 1)`,
  },
  ...LATER_TABLES.map((columns) => ({
    what: `a table called node_… with ${columns.slice(0, 60)}`,
    sql: `CREATE TABLE node_other (b, ${columns})`,
  })),
  { what: 'node_ghosts with other columns', sql: changeSql('node_ghosts', 'fingerprints', 'others') },
  {
    what: 'a table called node_… without rowid',
    sql: 'CREATE TABLE node_other (a PRIMARY KEY) WITHOUT ROWID',
  },
  { what: 'a table called node_… that is virtual', sql: 'CREATE VIRTUAL TABLE node_other USING fts5(a)' },
  { what: 'a view called node_…', sql: `CREATE VIEW node_other AS ${ENDLESS}` },
  {
    what: 'a table called sqlite_…',
    sql: `CREATE TABLE other (a REFERENCES Cache (rowid)); UPDATE sqlite_schema SET name = 'sqlite_other',
      tbl_name = 'sqlite_other', sql = replace(sql, 'other', 'sqlite_other') WHERE name = 'other'`,
  },
  ...['UNIQUE', 'NOT NULL', 'DEFAULT 1', 'CHECK (1)', 'REFERENCES Cache (rowid)', 'COLLATE NOCASE'].map(
    (constraint) => ({
      what: `Cache with a column node_… that is ${constraint}`,
      sql: changeSql('Cache', 'node_pin INTEGER', `node_pin ${constraint}`),
    }),
  ),
  {
    what: 'Cache with a constraint called node_…',
    sql: changeSql('Cache', 'node_tags TEXT', 'node_tags TEXT, CONSTRAINT node_x CHECK (1)'),
  },
  {
    what: 'an index of ours that is unique',
    sql: `DROP INDEX Cache_expire_time;
      CREATE UNIQUE INDEX Cache_expire_time ON Cache (expire_time) WHERE expire_time IS NOT NULL`,
  },
  {
    what: 'keys that are not unique',
    sql: 'DROP INDEX Cache_key_raw; CREATE INDEX Cache_key_raw ON Cache (key, raw)',
  },
  {
    what: 'keys that are unique only for some rows',
    sql: 'DROP INDEX Cache_key_raw; CREATE UNIQUE INDEX Cache_key_raw ON Cache (key, raw) WHERE key IS NOT NULL',
  },
  {
    what: 'an index called node_… that is unique',
    sql: 'CREATE UNIQUE INDEX node_other ON Cache (tag, rowid)',
  },
  {
    what: 'an index called node_… with a collation',
    sql: 'CREATE INDEX node_other ON Cache (tag COLLATE NOCASE)',
  },
  {
    what: 'a space in Settings that is none to SQLite',
    sql: changeSql('Settings', 'key TEXT NOT NULL UNIQUE', 'key\u00a0TEXT\u00a0NOT\u00a0NULL UNIQUE'),
  },
  {
    what: 'hundreds of tables',
    sql: Array.from({ length: 300 }, (_, i) => `CREATE TABLE node_${i} (a)`).join(';'),
  },
  {
    what: 'tens of thousands of tables',
    sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
      INSERT INTO sqlite_schema SELECT 'table', 'node_' || i, 'node_' || i, 2, 'CREATE TABLE node_' || i || ' (a)' FROM n`,
  },
  { what: 'a statement of 6 MB', sql: `CREATE TABLE node_other (a /* ${'x'.repeat(6_000_000)} */)` },
  {
    what: 'an index that takes for ever, beside damage that would be mended by building it anew',
    sql: `CREATE INDEX node_other ON Cache (abs(size)); ${changeSql('node_other', 'abs(size)', SLOW)};
      ${changeSql('Settings_count_insert', 'value + 1', 'value + 2')}`,
  },
  {
    what: 'an index that takes for ever, and a version that is none',
    sql: `CREATE INDEX node_other ON Cache (abs(size)); ${changeSql('node_other', 'abs(size)', SLOW)};
      PRAGMA user_version = -100`,
    keepsVersion: true,
  },
  {
    what: 'Settings without the column value',
    sql: 'DROP TABLE Settings; CREATE TABLE Settings (key TEXT NOT NULL UNIQUE)',
  },
  {
    what: 'Settings without the column key',
    sql: 'DROP TABLE Settings; CREATE TABLE Settings (value)',
  },
]
