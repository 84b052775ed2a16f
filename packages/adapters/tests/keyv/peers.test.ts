import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { expect } from 'vitest'
import { runProgram } from './processes/run-program.ts'

interface CacheManagerReport {
  before: unknown[]
  calls: number
  wrapped: unknown[]
  deleted: boolean[]
  times: number[]
  got: unknown[]
}

const test = directoryTest.extend<{ sound: undefined }>({
  sound: [
    async ({ directory }, use) => {
      await use(undefined)
      using cache = new Cache(directory)
      expect(cache.check()).toEqual([])
    },
    { auto: true },
  ],
})

test('cache-manager: a second process finds what the first one left', async ({ directory }) => {
  const first = await runProgram<CacheManagerReport>('cache-manager', directory)
  expect(first).toMatchObject({
    before: [null, null, null],
    calls: 1,
    wrapped: [{ calls: 1 }, { calls: 1 }],
    deleted: [true, true],
    got: ['A', 'C', 'B', null],
  })
  const [long, short] = first.times
  expect(long).toBeGreaterThan(short!)
  expect(short).toBeGreaterThan(0)
  expect(await runProgram<CacheManagerReport>('cache-manager', directory)).toMatchObject({
    before: ['A', 'B', null],
    calls: 0,
    wrapped: [{ calls: 1 }, { calls: 1 }],
  })
})

test('cacheable: a second process finds what the first one left', async ({ directory }) => {
  expect(await runProgram('cacheable', directory)).toEqual({
    before: [null, null, null],
    calls: 1,
    computed: { calls: 1 },
    has: [true, true, false],
  })
  expect(await runProgram('cacheable', directory)).toEqual({
    before: [{ name: 'Ada' }, [1, 2], null],
    calls: 0,
    computed: { calls: 1 },
    has: [true, true, false],
  })
})

test('got, cacheable-request: a second process does not ask the server', async ({ directory }) => {
  const asked: string[] = []
  const server = createServer(({ url }, response) => {
    asked.push(url!)
    response.setHeader('Cache-Control', 'max-age=60').end(`answer ${asked.length}`)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const bodies = ['answer 1', 'answer 2', 'answer 3']
  const results = (isFromCache: boolean) => bodies.map((body) => ({ body, isFromCache }))
  try {
    expect(await runProgram('http-clients', directory, url)).toEqual(results(false))
    expect(await runProgram('http-clients', directory, url)).toEqual(results(true))
    expect(asked).toEqual(['/got', '/keyv', '/store'])
  } finally {
    server.close()
    server.closeAllConnections()
  }
})
