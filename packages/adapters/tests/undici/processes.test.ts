import { Cache } from '@diskcache/cache'
import { directoryTest as test } from '@diskcache/testkit'
import { Agent, interceptors, request } from 'undici'
import { expect } from 'vitest'
import { UndiciCacheStore } from '../../src/undici/index.ts'
import { runProgram } from '../keyv/processes/run-program.ts'
import { Origin } from './origin.ts'

test('UndiciCacheStore: processes share a directory, one after another and at the same time', async ({
  directory,
}) => {
  await using origin = await new Origin({
    '/small': (_, response) => response.setHeader('Cache-Control', 'max-age=600').end('small'),
    '/large': (_, response) => response.setHeader('Cache-Control', 'max-age=600').end('x'.repeat(2_000_000)),
  }).listen()
  const urls = ['/small', '/large'].map((path) => origin.url(path))
  const ask = () => runProgram('../../undici/processes/asking', directory, ...urls)
  const answers = (isHit: boolean) => [5, 2_000_000].map((length) => ({ length, isHit }))
  expect(await ask()).toEqual(answers(false))
  const cache = new UndiciCacheStore(directory)
  const agent = new Agent()
  const dispatcher = agent.compose(interceptors.cache({ store: cache }))
  const [there, { body }] = await Promise.all([ask(), request(urls[1]!, { dispatcher })])
  expect(there).toEqual(answers(true))
  expect(await body.text()).toHaveLength(2_000_000)
  expect(origin.runs).toEqual({ '/small': 1, '/large': 1 })
  await cache.delete({ origin: new URL(urls[0]!).origin, method: 'GET', path: '/small' })
  expect(await ask()).toEqual([
    { length: 5, isHit: false },
    { length: 2_000_000, isHit: true },
  ])
  await agent.close()
  await cache.close()
  using store = new Cache(directory)
  expect(store.check()).toEqual([])
})
