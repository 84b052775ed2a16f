import assert from 'node:assert/strict'
import { Cache } from '@diskcache/cache'
import NodeCache from 'node-cache'

const old = new NodeCache({ stdTTL: 60 })
old.set('user:1', { name: 'Ada' })
old.set('for ever', 1, 0)

const cache = new Cache('cache-directory')
for (const key of old.keys()) {
  const expireTime = old.getTtl(key) || Infinity
  cache.set(key, old.get(key), { ttl: Math.max(expireTime - Date.now(), 0) })
}

assert.deepEqual(cache.get('user:1'), { name: 'Ada' })
const left = Number(cache.getEntry('user:1')?.expireTime) - Date.now()
assert.ok(left > 50_000 && left <= 60_000, String(left))
assert.equal(cache.getEntry('for ever')?.expireTime, null)
old.close()
cache.close()
