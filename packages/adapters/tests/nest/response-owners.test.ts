import { Cache } from '@diskcache/cache'
import { UseGuards } from '@nestjs/common'
import { expect, vi } from 'vitest'
import { KINDS, test } from './application.ts'
import { type AnyRequest, type AnyResponse, counter, serve } from './routes.ts'

test.for(KINDS)(
  'CachedResponse keeps responses apart by what trackBy gives, and none for undefined or null, on %s',
  async (kind, { applications }) => {
    const trackBy = (request: AnyRequest) => request.headers.user
    const options = { ttl: 60_000, trackBy }
    const handler = ({ headers }: AnyRequest, response: AnyResponse) => {
      response.header('Cache-Control', 'private, max-age=60')
      return { user: headers.user }
    }
    const client = await serve(applications, kind, { me: { handler, options } })
    for (const outcome of ['MISS', 'HIT']) {
      for (const user of ['ada', 'grace']) {
        const response = await client.get('me', { user, cookie: `session=${user}`, authorization: user })
        expect([response.cache, JSON.parse(response.text)]).toEqual([outcome, { user }])
        expect(response.headers['cache-control']).toBe('private, max-age=60')
      }
    }
    for (const _ of [1, 2])
      expect((await client.get('me')).headers['cache-status']).toBe('diskcache; fwd=bypass; detail=owner')
  },
)

test.for(KINDS)(
  'CachedResponse keeps for an owner whom a guard has found, on %s',
  async (kind, { applications }) => {
    const guard = {
      canActivate: (context: { switchToHttp(): { getRequest(): AnyRequest } }) => {
        const request = context.switchToHttp().getRequest()
        request.user = { id: Number(request.headers.authorization) }
        return true
      },
    }
    const trackBy = ({ user }: AnyRequest) => (user as { id: number }).id
    const options = { ttl: 60_000, trackBy }
    const handler = ({ user }: AnyRequest) => user
    const client = await serve(applications, kind, {
      me: { handler, options, decorators: [UseGuards(guard as never)] },
    })
    for (const cache of ['MISS', 'HIT'])
      for (const authorization of ['1', '2'])
        expect(await client.get('me', { authorization })).toMatchObject({
          ...{ cache, text: `{"id":${authorization}}` },
        })
  },
)

test.for(KINDS)(
  'CachedResponse keeps nothing for an id that is no number, on %s',
  async (kind, { applications }) => {
    const handler = ({ headers }: AnyRequest) => headers.user
    for (const trackBy of [
      ({ headers }: AnyRequest) => Number(headers.user),
      ({ headers }: AnyRequest) => ['shop', [Number(headers.user)]],
    ]) {
      const client = await serve(applications, kind, { me: { handler, options: { ttl: 60_000, trackBy } } })
      for (const user of ['ada', 'grace'])
        expect(await client.get('me', { user })).toMatchObject({ text: user, cache: 'BYPASS' })
    }
  },
)

test.for(KINDS)(
  'CachedResponse is told by trackBy that a response is everybody’s, on %s',
  async (kind, { applications }) => {
    const options = { ttl: 60_000, trackBy: async () => 'everybody' }
    const client = await serve(applications, kind, { list: { handler: counter(), options } })
    const headers = { cookie: 'analytics=1' }
    expect(await client.outcomes(['list', headers], ['list', { authorization: 'a' }])).toEqual([
      'MISS',
      'HIT',
    ])
  },
)

test.for(KINDS)(
  'CachedResponse asks for an owner’s stale response in the foreground, on %s',
  async (kind, { applications }) => {
    const handler = vi.fn(({ headers }: AnyRequest) => `${headers.user} ${handler.mock.calls.length}`)
    const options = {
      ttl: 1,
      staleWhileRevalidate: 60_000,
      trackBy: ({ headers }: AnyRequest) => headers.user,
    }
    const client = await serve(applications, kind, { me: { handler, options } })
    for (const run of [1, 2]) {
      expect((await client.get('me', { user: 'ada' })).text).toBe(`ada ${run}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  },
)

test.for(KINDS)(
  'CachedResponse tells when trackBy gives what cannot be a key, on %s',
  async (kind, { applications }) => {
    class Id {}
    const options = { ttl: 60_000, trackBy: () => new Id() }
    const failures: unknown[] = []
    const client = await serve(
      applications,
      kind,
      { list: { handler: counter(), options } },
      (application) => {
        application.useGlobalFilters({
          catch(error, host) {
            failures.push(error)
            host.switchToHttp().getResponse<AnyResponse>().status(500).send()
          },
        })
      },
    )
    expect((await client.get('list')).status).toBe(500)
    expect(failures).toMatchObject([
      { message: expect.stringMatching(/^Cannot use what trackBy gave: .*Id/) },
    ])
  },
)

test('CachedResponse writes no owner into the store', async ({ directory, applications }) => {
  const options = { ttl: 60_000, trackBy: ({ headers }: AnyRequest) => headers.authorization }
  const client = await serve(applications, 'Express', { me: { handler: () => 'a', options } })
  const authorization = 'Bearer secret-of-ada'
  await client.get('me', { authorization })
  expect((await client.get('me', { authorization })).cache).toBe('HIT')
  using cache = new Cache(directory)
  const rows = [...cache.entries()]
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toContain('secret-of-ada')
})
