import { cacheResponses } from '@diskcache/adapters/express'
import { cacheResponses as fastifyPlugin } from '@diskcache/adapters/fastify'
import { createKeyv } from '@diskcache/adapters/keyv'
import { DiskCacheModule } from '@diskcache/adapters/nest'
import { RateLimitStore } from '@diskcache/adapters/rate-limit'
import { SessionStore } from '@diskcache/adapters/session'
import { UndiciCacheStore } from '@diskcache/adapters/undici'
import { cacheResponses as cacheHandlers } from '@diskcache/adapters/web'
import { Cache } from '@diskcache/cache'
import { inspectCache } from '@diskcache/cli/express'
import { inspectCache as fastifyInspector } from '@diskcache/cli/fastify'
import { Deque } from '@diskcache/collections'
import { DiskCacheError, ForeignKey } from '@diskcache/core'
import { CacheDirectory } from '@diskcache/core/sqlite'
import { FanoutCache } from '@diskcache/fanout'
import { Lock } from '@diskcache/recipes'
import { RedisStore } from '@diskcache/redis'

const cache = new Cache<string, number>('directory')
export const value: number | undefined = cache.get('key')
// @ts-expect-error a number is no string: proof that the types arrive
export const wrong: string | undefined = cache.get('key')

export const doors = {
  ...{
    CacheDirectory,
    Deque,
    DiskCacheError,
    DiskCacheModule,
    FanoutCache,
    ForeignKey,
    Lock,
    RateLimitStore,
    RedisStore,
    SessionStore,
    UndiciCacheStore,
  },
  ...{ cacheHandlers, cacheResponses, createKeyv, fastifyPlugin },
  ...{ fastifyInspector, inspectCache },
}
