/** What both bare databases do, with the journal and the durability of our cache. */
export const SETUP = `
  PRAGMA busy_timeout = 60000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS kv (key TEXT PRIMARY KEY, value);`

export const SELECT = 'SELECT value FROM kv WHERE key = ?'

export const UPSERT =
  'INSERT INTO kv (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'

export const INCREMENT =
  'INSERT INTO kv (key, value) VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value'

export const DELETE = 'DELETE FROM kv WHERE key = ?'

export const BARE_SETTINGS =
  '`kv (key TEXT PRIMARY KEY, value)`, prepared statements, WAL, `synchronous = NORMAL`, `busy_timeout` 60 s; bulk in one transaction'
