import { test } from 'vitest'
import { keyv5Suite } from '../../../adapters/tests/keyv/keyv-5-suite.ts'
import { keyvStore6Suite } from '../../../adapters/tests/keyv/keyv-store-6-suite.ts'
import { rateLimitStoreSuite } from '../../../adapters/tests/rate-limit/rate-limit-store-suite.ts'
import { rateLimiterSuite } from '../../../adapters/tests/rate-limit/rate-limiter-suite.ts'
import { SERVER_TIMES } from '../../../adapters/tests/server-times.ts'
import { sessionSuite } from '../../../adapters/tests/session/session-suite.ts'
import { cacheStoreSuite } from '../../../adapters/tests/undici/cache-store-suite.ts'
import { requestsSuite } from '../../../adapters/tests/undici/requests-suite.ts'
import { storageSuite } from '../../../adapters/tests/unstorage/storage-suite.ts'
import { describeWhole } from '../servers/describe-redis.ts'
import { redisEngine } from '../servers/redis-engine.ts'

/** What the adapters are proven by over other engines. */
describeWhole('Adapters over RedisStore', () => {
  const engine = redisEngine({ maxValueSize: 2_000_000 })
  keyv5Suite(engine)
  keyvStore6Suite(engine)
  storageSuite(engine)
  sessionSuite(engine)
  rateLimitStoreSuite(engine)
  rateLimiterSuite(engine)
})

describeWhole('UndiciCacheStore over RedisStore', () => {
  const engine = redisEngine()
  cacheStoreSuite(engine)
  requestsSuite(engine)
})

describeWhole('What expires under adapters over RedisStore', () => {
  const engine = redisEngine()

  test.concurrent.for(Object.entries(SERVER_TIMES))('%s', async ([, expires], { expect }) => {
    await using store = engine.open()
    await expires(store, expect)
    expect(await store.check()).toEqual([])
  })
})
