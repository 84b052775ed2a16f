import assert from 'node:assert/strict'
import { Cache } from '@diskcache/cache'

// Run in the container, where nothing of it can be changed.
const cache = new Cache(process.env.CACHE_DIRECTORY ?? 'filled-cache', { readonly: true })
try {
  console.log(cache.get('countries'))
  assert.throws(() => cache.set('countries', []), { code: 'ERR_DISKCACHE_READONLY' })
} finally {
  cache.close()
}
