import { Cache } from '@diskcache/cache'

// Run when the image is built.
const cache = new Cache(process.env.CACHE_DIRECTORY ?? 'filled-cache')
try {
  cache.set('countries', ['Austria', 'Belgium', 'Croatia'])
} finally {
  cache.close() // leaves cache.db and cache.db-reserve behind, and no log
}
