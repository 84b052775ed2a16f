import assert from 'node:assert/strict'
import { Cache } from '@diskcache/cache'
import { LRUCache } from 'lru-cache'

const old = new LRUCache({ max: 10, ttl: 60_000 })
old.set('user:1', { name: 'Ada' })
old.set('for ever', 1, { ttl: 0 })

const cache = new Cache('cache-directory')
for (const [key, { value, ttl, start }] of old.dump()) {
  const left = ttl ? start + ttl - Date.now() : Infinity
  if (left > 0) cache.set(key, value, { ttl: left })
}

assert.deepEqual(cache.get('user:1'), { name: 'Ada' })
const left = Number(cache.getEntry('user:1')?.expireTime) - Date.now()
assert.ok(left > 50_000 && left <= 60_000, String(left))
assert.equal(cache.getEntry('for ever')?.expireTime, null)
cache.close()
