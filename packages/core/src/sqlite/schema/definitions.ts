/** The version of the format, 100 × breaking version + additive version, in `PRAGMA user_version`. Python leaves 0. */
export const FORMAT_VERSION = 300

/** The table of settings and counters. */
export const SETTINGS_TABLE = 'CREATE TABLE Settings (key TEXT NOT NULL UNIQUE, value)'

/** The table of entries. */
export const CACHE_TABLE = `
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
  node_sum REAL,
  node_tags TEXT
)
`.trim()

/** The table of the fingerprints of keys that were evicted, where the policy is `s3-fifo`. */
export const GHOST_TABLE = `
CREATE TABLE node_ghosts (id INTEGER PRIMARY KEY, fingerprints BLOB)
`.trim()

/** The indexes of every cache, by their names. */
export const INDEXES = {
  Cache_key_raw: 'CREATE UNIQUE INDEX Cache_key_raw ON Cache (key, raw)',
  Cache_expire_time: 'CREATE INDEX Cache_expire_time ON Cache (expire_time) WHERE expire_time IS NOT NULL',
  node_filename: 'CREATE INDEX node_filename ON Cache (filename) WHERE filename IS NOT NULL',
} as const

/** The index of first tags, which the setting `tagIndex` turns on. */
export const TAG_INDEX = 'CREATE INDEX Cache_tag_rowid ON Cache (tag, rowid) WHERE tag IS NOT NULL'

/** What finds entries by their other tags, with the same setting. It is kept by triggers, and so by every writer. */
export const TAG_TABLE = `
CREATE TABLE node_tagged (tag BLOB, entry INTEGER, PRIMARY KEY (tag, entry)) WITHOUT ROWID
`.trim()

/** Counts what finds entries by their tags, which is two. Python makes and drops the index of first tags alone. */
export const TAG_INDEXES =
  "SELECT COUNT(*) AS count FROM sqlite_schema WHERE name IN ('Cache_tag_rowid', 'node_tagged')"

/** The index by which the triggers of {@link TAG_TABLE} find what an entry has in it. */
export const TAG_TABLE_INDEX = 'CREATE INDEX node_tagged_entry ON node_tagged (entry)'

/** The triggers that keep {@link TAG_TABLE}. */
export const TAG_TRIGGERS = {
  node_tagged_insert: `CREATE TRIGGER node_tagged_insert AFTER INSERT ON Cache FOR EACH ROW
WHEN NEW.node_tags IS NOT NULL BEGIN
  INSERT OR IGNORE INTO node_tagged SELECT value, NEW.rowid FROM json_each(NEW.node_tags); END`,
  node_tagged_update: `CREATE TRIGGER node_tagged_update AFTER UPDATE OF node_tags ON Cache FOR EACH ROW
WHEN NEW.node_tags IS NOT OLD.node_tags BEGIN
  DELETE FROM node_tagged WHERE entry = OLD.rowid;
  INSERT OR IGNORE INTO node_tagged SELECT value, NEW.rowid FROM json_each(NEW.node_tags); END`,
  node_tagged_delete: `CREATE TRIGGER node_tagged_delete AFTER DELETE ON Cache FOR EACH ROW
WHEN OLD.node_tags IS NOT NULL BEGIN
  DELETE FROM node_tagged WHERE entry = OLD.rowid; END`,
} as const

/**
 * The triggers that keep the counters, under Python's names. Python writes its strings in double quotes, which this
 * build of SQLite refuses, and touches the counter also when the size stays the same.
 */
export const TRIGGERS = {
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
  // The same for the tags: Python names its column when it sets an entry, and not when it counts.
  node_foreign_tag: `CREATE TRIGGER node_foreign_tag AFTER UPDATE OF tag ON Cache FOR EACH ROW
WHEN NEW.node_sum IS OLD.node_sum AND OLD.node_tags IS NOT NULL BEGIN
  UPDATE Cache SET node_tags = NULL WHERE rowid = NEW.rowid; END`,
} as const
