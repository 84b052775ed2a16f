import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as cache from '@diskcache/cache'
import * as core from '@diskcache/core'

// One process that has the packages in both formats: two copies of every class.
const require = createRequire(import.meta.url)
const commonCore = require('@diskcache/core')
const commonCache = require('@diskcache/cache')
assert.notEqual(core.DiskCacheError, commonCore.DiskCacheError)

// They know each other's errors and keys, by what stands in them.
const error = new commonCore.DiskCacheError('ERR_DISKCACHE_FULL', 'full')
assert.ok(core.hasCode(error, 'ERR_DISKCACHE_FULL') && !(error instanceof core.DiskCacheError))
assert.ok(core.ForeignKey.is(new commonCore.ForeignKey(Buffer.of(1))))
assert.ok(commonCore.ForeignKey.is(new core.ForeignKey(Buffer.of(1))))

// They have one copy of better-sqlite3, and one list of open databases, so that both open one directory.
const directory = mkdtempSync(join(tmpdir(), 'diskcache-formats-'))
const first = new cache.Cache(directory)
const second = new commonCache.Cache(directory)
first.set('key', { from: 'a module' })
assert.deepEqual(second.get('key'), { from: 'a module' })
const open = globalThis[Symbol.for('diskcache.openDatabases')]
assert.deepEqual(
  [...open.values()].map(({ count }) => count),
  [2],
)
first.close()
second.close()
assert.equal(open.size, 0)
rmSync(directory, { recursive: true })
