const assert = require('node:assert/strict')
const { Cache, DiskCacheError } = require('@diskcache/cache')
const { Lock } = require('@diskcache/recipes')
const { RedisStore } = require('@diskcache/redis')

async function use() {
  const cache = new Cache()
  assert.ok((await new Lock(cache, 'lock').run((hold) => hold.token)) > 0)
  cache.close()

  const store = new RedisStore({ url: 'redis://127.0.0.1:1', prefix: 'smoke' })
  await store.close()
  await assert.rejects(store.get('key'), DiskCacheError)
}

use()
