import assert from 'node:assert/strict'
import { Cache } from '@diskcache/cache'
import { LRUCache } from 'lru-cache'

const ttl = 60_000
const old = new LRUCache({ max: 500, ttl })
const cache = new Cache('cache-directory', { ttl }).promises

const users = {
  async get(key) {
    const entry = await cache.getEntry(key)
    if (entry) return entry.value
    const value = await old.get(key)
    if (value !== undefined) await cache.add(key, value)
    return value
  },
  async set(key, value) {
    await old.set(key, value)
    await cache.set(key, value)
  },
  async delete(key) {
    await old.delete(key)
    await cache.delete(key)
  },
}

old.set('user:1', 'Ada')
assert.equal(await users.get('user:1'), 'Ada')
assert.equal(await cache.get('user:1'), 'Ada')
await users.set('user:1', 'Grace')
assert.deepEqual([old.get('user:1'), await users.get('user:1')], ['Grace', 'Grace'])
await users.delete('user:1')
assert.equal(await users.get('user:1'), undefined)
await cache.close()
