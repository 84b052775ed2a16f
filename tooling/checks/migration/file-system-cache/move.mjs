import assert from 'node:assert/strict'
import { Cache } from '@diskcache/cache'
import { Cache as FileSystemCache } from 'file-system-cache'

const old = new FileSystemCache({ basePath: '.old' })
await old.set('user:1', { name: 'Ada' })
const cache = new Cache('.cache').promises

async function get(key) {
  const entry = await cache.getEntry(key)
  if (entry) return entry.value
  const value = await old.get(key)
  if (value !== undefined) await cache.add(key, value, { ttl: 60_000 })
  return value
}

assert.deepEqual(await get('user:1'), { name: 'Ada' })
await old.clear()
assert.deepEqual(await get('user:1'), { name: 'Ada' })
assert.equal(await get('user:2'), undefined)
await cache.close()
