import assert from 'node:assert/strict'
import { Cache } from '@diskcache/cache'
import { create, createFromFile } from 'flat-cache'

const saved = create({ cacheDir: '.cache', cacheId: 'lint' })
saved.set('a.js', { errors: 0 }, 60_000)
saved.set('b.js', { errors: 1 })
saved.save()

const old = createFromFile('.cache/lint')
const cache = new Cache('.cache/lint-entries')
for (const { key, value, expires } of old.items) {
  cache.set(key, value, { ttl: expires === undefined ? Infinity : Math.max(expires - Date.now(), 0) })
}
cache.close()

const moved = new Cache('.cache/lint-entries')
assert.deepEqual(moved.get('a.js'), { errors: 0 })
const left = Number(moved.getEntry('a.js')?.expireTime) - Date.now()
assert.ok(left > 50_000 && left <= 60_000, String(left))
assert.deepEqual(moved.get('b.js'), { errors: 1 })
moved.close()
