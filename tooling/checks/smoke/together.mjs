import assert from 'node:assert/strict'
import { Cache, DiskCacheError } from '@diskcache/cache'
import { Lock } from '@diskcache/recipes'
import { RedisStore } from '@diskcache/redis'

const cache = new Cache()
assert.ok((await new Lock(cache, 'lock').run((hold) => hold.token)) > 0)
cache.close()

// The error of one package is that of the other.
const store = new RedisStore({ url: 'redis://127.0.0.1:1', prefix: 'smoke' })
await store.close()
await assert.rejects(store.get('key'), DiskCacheError)
