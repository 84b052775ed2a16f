import type { IncomingMessage, ServerResponse } from 'node:http'
import { Cache } from '@diskcache/cache'
import { errorChannel } from '@diskcache/core'
import { directoryTest } from '@diskcache/testkit'
import { MemoryStore } from '@diskcache/testkit/memory'
import express, { type Request as ExpressRequest } from 'express'
import express4 from 'express4'
import { describe, expect, onTestFinished } from 'vitest'
import { failingStore } from '../../tests/nest/failing-store.ts'
import { CACHE, ENGINES, limitTest } from '../../tests/rate-limit/limit-test.ts'
import { serving } from '../../tests/rate-limit/serving.ts'
import { addressKey } from './address-key.ts'
import { type LimitRequestsOptions, limitRequests } from './limit-requests.ts'

const HOURLY = { name: 'api', count: 2, per: 7_200_000 }

for (const engine of ENGINES) {
  const test = limitTest(engine)

  describe(`limitRequests() over ${engine.name}`, () => {
    test('limitRequests() lets so many through, and tells all of them what is left', async ({
      store,
      advance,
    }) => {
      advance(0)
      const limit = limitRequests(store, HOURLY)
      await using server = await serving((req, res) => limit(req, res, () => res.end('Hello')))
      const ask = async () => headOf(await fetch(server.origin))
      const policy = '"api";q=2;w=7200'
      expect(await ask()).toEqual([200, policy, '"api";r=1;t=3600', null, 'Hello'])
      expect(await ask()).toEqual([200, policy, '"api";r=0;t=3600', null, 'Hello'])
      const refused = [429, policy, '"api";r=0;t=3600', '3600', 'Too many requests\n']
      expect(await ask()).toEqual(refused)
      advance(3_599_000)
      expect(await ask()).toEqual([429, policy, '"api";r=0;t=1', '1', 'Too many requests\n'])
      advance(1_000)
      expect((await ask())[0]).toBe(200)
      expect((await ask())[0]).toBe(429)
    })
  })
}

const test = limitTest(CACHE)

test.for([
  ['5', express],
  ['4', express4],
] as const)(
  'limitRequests() is middleware of Express %s, by an address that its proxy tells',
  async ([, makeApplication], { store }) => {
    const limit = limitRequests(store, {
      ...HOURLY,
      count: 1,
      key: (req: ExpressRequest) => addressKey(req.ip),
    })
    const app = makeApplication().set('trust proxy', 'loopback').use(limit)
    app.get('/', (_req, res) => void res.send('Hello'))
    await using server = await serving(app)
    const ask = async (address: string) =>
      (await fetch(server.origin, { headers: { 'X-Forwarded-For': address } })).status
    expect([await ask('192.0.2.1'), await ask('192.0.2.2')]).toEqual([200, 200])
    expect([await ask('192.0.2.1'), await ask('192.0.2.2')]).toEqual([429, 429])
  },
)

test('limitRequests() believes nothing that a client says of its address', async ({ store }) => {
  const limit = limitRequests(store, { ...HOURLY, count: 1 })
  await using server = await serving((req, res) => limit(req, res, () => res.end()))
  const ask = async (address: string) =>
    (await fetch(server.origin, { headers: { 'X-Forwarded-For': address, Forwarded: `for=${address}` } }))
      .status
  expect([await ask('192.0.2.1'), await ask('192.0.2.2')]).toEqual([200, 429])
})

test('limitRequests() counts for whom key says, and lets those through for whom it says nothing', async ({
  store,
}) => {
  const key = async (req: IncomingMessage) => (req.url === '/free' ? undefined : req.url)
  const limit = limitRequests(store, { ...HOURLY, count: 1, key })
  await using server = await serving((req, res) => limit(req, res, () => res.end()))
  const ask = async (path: string) => {
    const { status, headers } = await fetch(server.origin + path)
    return [status, headers.has('RateLimit')]
  }
  expect([await ask('/a'), await ask('/b')]).toEqual([
    [200, true],
    [200, true],
  ])
  expect(await ask('/a')).toEqual([429, true])
  for (let i = 0; i < 3; i++) expect(await ask('/free')).toEqual([200, false])
})

test('limitRequests() gives next what key throws, and what cannot be a key', async ({ store }) => {
  const keys: LimitRequestsOptions['key'][] = [
    () => {
      throw new Error('no key')
    },
    async () => Promise.reject(new Error('no key')),
    () => Symbol('no key') as never,
  ]
  for (const key of keys) {
    const limit = limitRequests(store, { ...HOURLY, key })
    await using server = await serving((req, res) =>
      limit(req, res, (error) => res.writeHead(error ? 500 : 200).end(String(error))),
    )
    const answer = await fetch(server.origin)
    expect([answer.status, await answer.text()]).toEqual([500, expect.stringMatching(/key/i)])
  }
})

test('limitRequests() answers by refuse, with the status and the fields set', async ({ store }) => {
  const refuse = (req: IncomingMessage, res: ServerResponse) => res.end(`${res.statusCode} for ${req.url}`)
  const limit = limitRequests(store, { ...HOURLY, count: 1, refuse })
  await using server = await serving((req, res) => limit(req, res, () => res.end()))
  await fetch(server.origin)
  const answer = headOf(await fetch(`${server.origin}/path`))
  expect(await answer).toEqual([
    429,
    '"api";q=1;w=7200',
    expect.stringMatching(/^"api";r=0;t=7\d{3}$/),
    expect.stringMatching(/^7\d{3}$/),
    '429 for /path',
  ])
})

test('limitRequests(): several limits of one request stand beside each other in the fields', async ({
  store,
}) => {
  const hour = limitRequests(store, HOURLY)
  const burst = limitRequests(store, { name: 'a "burst" \\', count: 10, per: 1_500 })
  await using server = await serving((req, res) =>
    hour(req, res, () => burst(req, res, () => res.end('Hello'))),
  )
  const [status, policy, quota] = await headOf(await fetch(server.origin))
  expect(status).toBe(200)
  expect(policy).toBe('"api";q=2;w=7200, "a \\"burst\\" \\\\";q=10;w=2')
  expect(quota).toBe('"api";r=1;t=3600, "a \\"burst\\" \\\\";r=9;t=1')
})

test.for([
  ['allow', [200, null, null, null, 'Hello']],
  ['refuse', [503, null, null, '1', 'Back in a moment\n']],
] as const)('limitRequests() with whenAway: %s, while the store fails', async ([whenAway, answer]) => {
  const failures: unknown[] = []
  const note = (message: unknown) => void failures.push(message)
  errorChannel.subscribe(note)
  onTestFinished(() => void errorChannel.unsubscribe(note))
  const limit = limitRequests(failingStore(new MemoryStore(), ['update']), { ...HOURLY, whenAway })
  await using server = await serving((req, res) => limit(req, res, () => res.end('Hello')))
  expect(await headOf(await fetch(server.origin))).toEqual(answer)
  expect(failures).toContainEqual(expect.objectContaining({ reason: 'failed', error: new Error('no disk') }))
  await expect.poll(() => limit.health().status, { timeout: 20_000 }).toBe('busy')
  expect(await headOf(await fetch(server.origin))).toEqual(answer)
})

test('limitRequests() touches no answer that was sent meanwhile, and answers none twice', async ({
  store,
}) => {
  const limit = limitRequests(store, { ...HOURLY, count: 1 })
  let nexts = 0
  await using server = await serving((req, res) => {
    limit(req, res, () => nexts++)
    res.end('early')
  })
  for (let i = 0; i < 2; i++) expect(await (await fetch(server.origin)).text()).toBe('early')
  await expect.poll(() => nexts, { timeout: 20_000 }).toBe(1)
})

directoryTest('limitRequests() closes the cache that it opened, and no other', async ({ directory }) => {
  using cache = new Cache(directory)
  const own = limitRequests(directory, { ...HOURLY, whenAway: 'refuse', cache: { sizeLimit: 1_000_000 } })
  await using given = limitRequests(cache, HOURLY)
  await using server = await serving((req, res) =>
    (req.url === '/own' ? own : given)(req, res, () => res.end()),
  )
  const ask = async (path: string) => (await fetch(server.origin + path)).status
  expect([await ask('/own'), await ask('/given'), await ask('/own')]).toEqual([200, 200, 429])
  await own.close()
  await given.close()
  expect([await ask('/own'), await ask('/given')]).toEqual([503, 429])
})

test.for([
  [{ name: '' }, 'Cannot use name'],
  [{ name: 'ö' }, 'Cannot use name'],
  [{ name: 1 }, 'Cannot use name: expected a string, got 1'],
  [{ count: 0 }, 'Cannot use count'],
  [{ count: 1.5 }, 'Cannot use count: expected an integer'],
  [{ per: 0 }, 'Cannot use per'],
  [{ key: 'ip' }, 'Cannot use key: expected a function'],
  [{ refuse: 429 }, 'Cannot use refuse: expected a function'],
  [{ whenAway: 'open' }, "Cannot use whenAway: expected one of 'allow', 'refuse', got 'open'"],
  [{ limit: 1 }, "unknown option 'limit', known are name, count, per, key, whenAway, cache, refuse"],
  [{ cache: { sizeLimit: 1 } }, "unknown option 'sizeLimit'"],
] as const)('limitRequests() refuses the options %o', ([options, message]) => {
  expect(() => limitRequests(new MemoryStore(), { ...HOURLY, ...(options as object) })).toThrow(message)
})

async function headOf(response: Response) {
  const fields = ['RateLimit-Policy', 'RateLimit', 'Retry-After'].map((name) => response.headers.get(name))
  return [response.status, ...fields, await response.text()]
}
