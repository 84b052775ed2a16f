export interface SchemaCase {
  readonly what: string
  /** What an attacker does to the database of an ordinary cache. */
  readonly sql: string
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
  {
    what: 'Settings without the column value',
    sql: 'DROP TABLE Settings; CREATE TABLE Settings (key TEXT NOT NULL UNIQUE)',
  },
  {
    what: 'Settings without the column key',
    sql: 'DROP TABLE Settings; CREATE TABLE Settings (value)',
  },
]
