import { createUseCacheHandler } from '@diskcache/adapters/next'

export default createUseCacheHandler(process.env.CACHE_DIRECTORY, { storeTimeout: 20_000 })
