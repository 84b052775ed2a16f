import { Logger, Post } from '@nestjs/common'
import { expect, vi } from 'vitest'
import { EvictTag, type EvictTagOptions, InjectResponses, type Responses } from '../../src/nest/index.ts'
import { type Applications, KINDS, type Kind, test } from './application.ts'
import { Client } from './client.ts'
import { controller, decorate, injectable } from './decorate.ts'
import { type AnyRequest, type AnyResponse, controllerOf, counter, type Route } from './routes.ts'

type Tags = Parameters<typeof EvictTag>[0]

/** An application with these routes, and with `POST update`, which evicts the tags. */
async function serveWithUpdate(
  applications: Applications,
  kind: Kind,
  routes: Readonly<Record<string, Route>>,
  tags: Tags,
  options: EvictTagOptions = {},
) {
  class Writer {
    async update(): Promise<string> {
      return 'done'
    }
  }
  decorate(Writer.prototype, 'update', Post('update'), EvictTag(tags, options))
  controller('', Writer)
  const client = await Client.of(
    await applications.start({ controllers: [controllerOf(routes), Writer] }, {}, undefined, kind),
  )
  const update = () => client.get('update', {}, 'POST')
  return { client, update }
}

test.for(KINDS)('EvictTag removes the responses that have the tag, on %s', async (kind, { applications }) => {
  const tag = (request: AnyRequest) => `list ${request.query.page}`
  const routes = { list: { handler: counter(), options: { ttl: 60_000, tag } } }
  const { client, update } = await serveWithUpdate(applications, kind, routes, 'list 1')
  await client.outcomes(['list?page=1'], ['list?page=2'])
  await update()
  expect(await client.outcomes(['list?page=1'], ['list?page=2'])).toEqual(['MISS', 'HIT'])
})

test.for(KINDS)(
  'EvictTag keeps a response out whose tag it evicts while it is made, on %s',
  async (kind, { applications }) => {
    const [begun, evicted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const handler = async () => {
      begun.resolve()
      await evicted.promise
      return 'a'
    }
    const routes = { list: { handler, options: { ttl: 60_000, tag: 'list' } } }
    const { client, update } = await serveWithUpdate(applications, kind, routes, 'list')
    const first = client.get('list')
    await begun.promise
    await update()
    evicted.resolve()
    expect((await first).text).toBe('a')
    // A request of before an eviction and one of after it differ by a millisecond at least.
    await new Promise((resolve) => setTimeout(resolve, 2))
    await vi.waitFor(async () =>
      expect(await client.outcomes(['list'], ['list'])).toEqual([expect.any(String), 'HIT']),
    )
  },
)

test('EvictTag removes responses by whatever is a tag, and by their own Cache-Tag', async ({
  applications,
}) => {
  const tags = ['plain', 'a, b', '', ' ', 7, 1.5, new Uint8Array([1, 2])] as const
  const routes = Object.fromEntries(
    tags.map((tag, at) => [`tag${at}`, { handler: counter(), options: { ttl: 60_000, tag } }]),
  )
  const own = (_request: AnyRequest, response: AnyResponse) => {
    response.header('Cache-Tag', 'plain')
    return 'own'
  }
  const { client, update } = await serveWithUpdate(
    applications,
    'Express',
    { ...routes, own: { handler: own }, other: { handler: counter() } },
    tags,
  )
  const paths = [...Object.keys(routes), 'own', 'other'].map((path): [string] => [path])
  await client.outcomes(...paths)
  expect(new Set(await client.outcomes(...paths))).toEqual(new Set(['HIT']))
  await update()
  expect(await client.outcomes(...paths)).toEqual([...paths.slice(1).map(() => 'MISS'), 'HIT'])
})

test('InjectResponses gives what removes responses by URL, and lists them', async ({ applications }) => {
  class Admin {
    readonly responses: Responses
    constructor(responses: Responses) {
      this.responses = responses
    }
  }
  injectable(Admin)
  InjectResponses()(Admin, undefined, 0)
  const Routes = controllerOf({ list: { handler: counter(), options: { ttl: 60_000, tag: 'articles' } } })
  const application = await applications.start({ controllers: [Routes], providers: [Admin] })
  const [client, { responses }] = [await Client.of(application), application.get(Admin)]
  await client.outcomes(['list'], ['list'])
  const url = 'http://app.example/list'
  expect(await Array.fromAsync(responses.list())).toMatchObject([{ url, status: 200, tags: ['articles'] }])
  expect([await responses.purge({ url }), await responses.purge({ url })]).toEqual([true, false])
  expect(await client.outcomes(['list'])).toEqual(['MISS'])
})

test('CachedResponse keeps nothing whose tag is none, and says so in the log', async ({ applications }) => {
  using warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {})
  const tag = () => undefined as never
  const routes = { list: { handler: counter(), options: { ttl: 60_000, tag } } }
  const client = await Client.of(await applications.start({ controllers: [controllerOf(routes)] }))
  expect([(await client.get('list')).text, (await client.get('list')).text]).toEqual([
    ...['{"calls":1}', '{"calls":2}'],
  ])
  expect(warn.mock.calls.flat().join()).toMatch(/Cannot use tag undefined/)
})
