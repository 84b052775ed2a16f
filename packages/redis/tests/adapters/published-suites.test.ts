import { expect } from 'vitest'
import { bentocacheSuite } from '../../../adapters/tests/bentocache/bentocache-suite.ts'
import { verrouSuite } from '../../../adapters/tests/verrou/verrou-suite.ts'
import { describeRedis } from '../servers/describe-redis.ts'
import { redisTest } from '../servers/redis-test.ts'

describeRedis('RedisStore under adapters', () => {
  const test = redisTest()

  test('VerrouStore passes the tests of verrou', async ({ store }) => {
    const suite = verrouSuite(store)
    expect(suite.cases).toHaveLength(25)
    expect(await suite.runAtOnce()).toEqual([])
  })

  test('the driver for bentocache passes the tests of bentocache', async ({ store }) => {
    const suite = bentocacheSuite(store)
    expect(suite.cases).toHaveLength(21)
    expect(await suite.runInTurn()).toEqual([])
  })
})
