import assert from 'node:assert/strict'
import { Cache, JSONDisk } from '@diskcache/cache'

const old = new Cache('old-directory')
assert.throws(() => old.get('user:1'), { code: 'ERR_DISKCACHE_FOREIGN_VALUE' })
assert.equal(old.get('visits'), 7)
old.close()

const cache = new Cache('new-directory', { disk: JSONDisk })
assert.deepEqual(cache.get('user:1'), { name: 'Ada', langs: ['en'] })
assert.equal(cache.get('visits'), 7)
assert.deepEqual(cache.getEntry('user:1')?.tags, ['users'])
const left = Number(cache.getEntry('user:1')?.expireTime) - Date.now()
assert.ok(left > 40_000 && left <= 60_000, String(left))
cache.close()
