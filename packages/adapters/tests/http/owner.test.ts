import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { expect } from 'vitest'
import { HttpCache } from '../../src/http/index.ts'
import { Activity } from './activity.ts'
import { listenerOf } from './engine.ts'
import type { Answer } from './http-client.ts'
import { listen } from './platforms.ts'

interface Owned {
  /** Asks as a user; the answer names the user, and is counted. */
  as(user: string | undefined, method?: string): Promise<Answer>
  /** The fields of each answer. */
  fields: OutgoingHttpHeaders
}

/** Whoever asks says so in a field that is not for caches, and in one that is a credential. */
const ownerOf = ({ headers }: IncomingMessage) => (headers['x-who'] as string | undefined) ?? null

const test = directoryTest.extend<{ owned: Owned }>({
  owned: async ({ directory }, use) => {
    const activity = new Activity()
    await using store = new Cache(directory, { tagIndex: true })
    const cache = new HttpCache<IncomingMessage, ServerResponse>(activity.watch(store.promises), {
      storeTimeout: 20_000,
      isPersonal: () => true,
    })
    const fields = { 'Cache-Control': 'private, max-age=60' }
    let runs = 0
    const answer = ({ headers }: IncomingMessage, res: ServerResponse) => {
      for (const [name, value] of Object.entries(owned.fields)) res.setHeader(name, value as string)
      res.end(`${headers['x-who']} ${++runs}`)
    }
    const owned: Owned = { as: () => Promise.reject(), fields }
    await using app = await listen(listenerOf(cache, answer, ownerOf), cache)
    owned.as = async (user, method = 'GET') => {
      const headers = user === undefined ? {} : { 'X-Who': user, Authorization: user, Cookie: user }
      const answered = await app.ask('/mine', { method, headers })
      await activity.settled()
      return answered
    }
    await use(owned)
  },
})

test('Exchange.request.owner keeps what is private for each owner, and gives it to no other', async ({
  owned,
}) => {
  for (const again of ['', '; hit'])
    for (const [at, user] of ['ada', 'grace'].entries()) {
      const { text, cache } = await owned.as(user)
      expect(text).toBe(`${user} ${at + 1}`)
      expect(cache.includes('; hit')).toBe(again !== '')
    }
})

test('Exchange.request.owner null keeps nothing', async ({ owned }) => {
  for (const run of [1, 2]) {
    const { text, cache } = await owned.as(undefined)
    expect([text, cache]).toEqual([`undefined ${run}`, 'diskcache; fwd=bypass; detail=owner'])
  }
})

test.for<[string, OutgoingHttpHeaders]>([
  ['no-store', { 'Cache-Control': 'private, max-age=60, no-store' }],
  ['set-cookie', { 'Cache-Control': 'max-age=60', 'Set-Cookie': 'a=1' }],
  ['vary', { 'Cache-Control': 'max-age=60', Vary: '*' }],
])('Exchange.request.owner does not keep a response with %s', async ([detail, fields], { owned }) => {
  owned.fields = fields
  for (const run of [1, 2]) {
    const { text, cache } = await owned.as('ada')
    expect(text).toBe(`ada ${run}`)
    expect(cache).toContain(`detail=${detail}`)
  }
})

test('Exchange.request.owner: an unsafe request removes what is its owner’s', async ({ owned }) => {
  for (const user of ['ada', 'grace']) await owned.as(user)
  await owned.as('ada', 'POST')
  expect((await owned.as('ada')).text).toBe('ada 4')
  expect((await owned.as('grace')).text).toBe('grace 2')
})
