import { createServer } from 'node:http'
import express, { type RequestHandler } from 'express'
import { expect, expectTypeOf } from 'vitest'
import { cacheResponses } from '../../src/express/index.ts'
import { cachedTest as test } from './cached-test.ts'

test('cacheResponses() refuses what is no store, and the options of a cache beside a store', ({ store }) => {
  for (const source of [undefined, null, 1, {}, []])
    for (const options of [{}, { cache: { sizeLimit: 1e6 } }])
      expect(() => cacheResponses(source as never, options)).toThrow(/as a store: expected a directory/)
  expect(() => cacheResponses(store, { cache: { sizeLimit: 1e6 } })).toThrow(
    /give these options to the store/,
  )
})

test('cacheResponses() is middleware of Express and of node:http, and changes no types of those behind it', ({
  store,
}) => {
  const cache = cacheResponses(store)
  expectTypeOf(cache).toExtend<RequestHandler>()
  createServer((req, res) => cache(req, res, () => res.end()))
  express().get('/:name', cache, (req) => {
    expectTypeOf(req.params).toEqualTypeOf<{ name: string }>()
  })
})

test('purge() refuses what it cannot purge', async ({ start }) => {
  const { responses } = await start({ handlers: () => {} })
  for (const [what, message] of [
    [undefined, /expected an object/],
    [{}, /expected one of url, prefix, tag and tags/],
    [{ url: '/path' }, /url: expected one such as/],
    [{ tag: '' }, /tag: expected a text/],
    [{ tag: 'a', url: 'http://example.com/' }, /expected one of url, prefix, tag and tags/],
    [{ tag: 'a', allQueries: true }, /^Cannot use allQueries: it goes with url alone, got \{ tag: 'a'/],
    [{ prefix: 'http://example.com/', allQueries: false }, /^Cannot use allQueries/],
    [{ path: '/' }, /unknown option 'path', known are url/],
  ] as const)
    await expect(responses.purge(what as never)).rejects.toThrow(message)
})
