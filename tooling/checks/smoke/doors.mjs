import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache, Disk, DiskCacheError, ForeignKey, JSONDisk, Mode } from '@diskcache/cache'
import * as core from '@diskcache/core'
import { fileError, LockRetry } from '@diskcache/core/sqlite'

// What one door makes is an instance of the other's class.
assert.ok(new LockRetry('store', 0).timeoutError() instanceof core.DiskCacheError)
assert.ok(
  fileError(Object.assign(new Error(), { code: 'ENOSPC', syscall: 'write' }), 'write', 'file') instanceof
    core.DiskCacheError,
)

// What a cache exports is core's.
assert.equal(Disk, core.Disk)
assert.equal(DiskCacheError, core.DiskCacheError)
assert.equal(ForeignKey, core.ForeignKey)
assert.equal(JSONDisk, core.JSONDisk)
assert.equal(Mode, core.Mode)

// And so is what its engine throws.
const directory = mkdtempSync(join(tmpdir(), 'diskcache-doors-'))
new Cache(directory).close()
const readonly = new Cache(directory, { readonly: true })
assert.throws(
  () => readonly.set('key', 1),
  (error) => error instanceof core.DiskCacheError && core.hasCode(error, 'ERR_DISKCACHE_READONLY'),
)
readonly.close()
rmSync(directory, { recursive: true })
