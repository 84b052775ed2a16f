import { expect } from 'vitest'
import { cachedTest as test } from './cached-test.ts'

for (const name of ['key', 'isPersonal'] as const)
  test(`cacheResponses() lets a request go past when ${name} throws, and tells it`, async ({ start }) => {
    const told: unknown[] = []
    const problem = new Error('it fails')
    const { app } = await start({
      [name]: () => {
        throw problem
      },
      onError: (error) => told.push(error),
      handlers: (app) => app.use((_req, res) => void res.set('Cache-Control', 'max-age=60').send('page')),
    })
    const answer = await app.ask('/')
    expect([answer.text, answer.cache]).toEqual(['page', 'diskcache; fwd=bypass; detail=unavailable'])
    expect(told).toEqual([problem])
  })

for (const name of ['isPersonal', 'shouldStore'] as const)
  test(`cacheResponses() stores nothing when ${name} returns a promise, and tells it`, async ({ start }) => {
    const told: unknown[] = []
    const { app } = await start({
      [name]: async () => name === 'shouldStore',
      onError: (error) => told.push(error),
      handlers: (app) => app.use((_req, res) => void res.set('Cache-Control', 'max-age=60').send('page')),
    })
    for (const _ of [1, 2]) expect((await app.ask('/')).cache).not.toMatch(/stored|hit/)
    const message = `Cannot decide by ${name}: its body returned a promise`
    expect(told).toMatchObject([1, 2].map(() => ({ message: expect.stringContaining(message) })))
  })
