import { RedisStore } from '@diskcache/redis'

const store = new RedisStore({ url: process.env.REDIS_URL, prefix: 'app' })

export { store }
