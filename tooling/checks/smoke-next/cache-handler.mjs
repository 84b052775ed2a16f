import { createCacheHandler } from '@diskcache/adapters/next'

export default createCacheHandler(process.env.CACHE_DIRECTORY, { storeTimeout: 20_000 })
