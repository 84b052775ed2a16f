import { Cache } from '@diskcache/cache'

const cache = new Cache('prices')
cache.incr('bread', 20)
cache.close()
