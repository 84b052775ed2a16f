const assert = require('node:assert/strict')
const { Cache } = require('@diskcache/cache')
const Database = require('better-sqlite3')

// Two versions of SQLite in one process, each with a database of its own.
const cache = new Cache()
const database = new Database(':memory:')
cache.set('key', database.prepare('SELECT 1 AS one').get())
assert.deepEqual({ ...cache.get('key') }, { one: 1 })
database.close()
cache.close()
