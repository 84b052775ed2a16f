import { expect, test } from 'vitest'
import type { HttpRequest } from './http-request.ts'
import { parseTarget, type Target, targetId, targetOf, urlOf } from './target.ts'

const RULES = { hosts: undefined, query: 'raw' } as const

function requestOf(given: Partial<HttpRequest>): HttpRequest {
  const request = { method: 'GET', scheme: 'http', host: 'example.com', url: '/', headers: {} }
  return { ...request, rewritten: undefined, hasCertificate: false, ...given }
}

const HOSTS = ['example.com', 'localhost:3000', '127.0.0.1', '[::1]:80', 'a_b.example.']
const NO_HOSTS = [
  '',
  'a b',
  'a/b',
  'a?b',
  'a#b',
  'a@b',
  'a,b',
  'a:b',
  'a:',
  '.a',
  'a..b',
  '[',
  '[::1',
  'a\u0000',
  'ä',
]

for (const host of HOSTS)
  test(`targetOf() takes the host ${host}`, () => {
    expect(targetOf(requestOf({ host }), RULES)?.host).toBe(host)
  })

for (const host of NO_HOSTS)
  test(`targetOf() refuses the host ${JSON.stringify(host)}`, () => {
    expect(targetOf(requestOf({ host }), RULES)).toBeUndefined()
  })

test('targetOf() refuses a host that is not certain, other schemes and what is no path', () => {
  expect(targetOf(requestOf({ host: undefined }), RULES)).toBeUndefined()
  expect(targetOf(requestOf({ scheme: 'gopher' }), RULES)).toBeUndefined()
  for (const url of ['*', 'http://other.example/', ''])
    expect(targetOf(requestOf({ url }), RULES)).toBeUndefined()
})

test('targetId() differs where the parts of two targets read alike in a row', () => {
  const targets: Target[] = [
    { scheme: 'http', host: 'a', path: '/b' },
    { scheme: 'https', host: 'a', path: '/b' },
    { scheme: 'http', host: 'a/', path: 'b' },
    { scheme: 'http', host: '1:a', path: '/b' },
    { scheme: 'http', host: 'a', path: '/b?' },
    { scheme: 'http', host: 'a', path: '/B' },
    { scheme: 'http', host: 'a', path: '//b' },
    { scheme: 'http', host: 'a', path: '/%62' },
  ]
  expect(new Set(targets.map(targetId)).size).toBe(targets.length)
})

for (const url of ['http://example.com/', 'https://example.com:8080/a?b=1&a=%20;x', 'http://[::1]/?'])
  test(`parseTarget() gives the parts of ${url}`, () => {
    expect(urlOf(parseTarget(url, RULES) as Target)).toBe(url)
  })

test('parseTarget() adds a missing path, drops a fragment, and refuses what is no absolute URL', () => {
  expect(parseTarget('HTTP://Example.com?a#b', RULES)).toEqual({
    scheme: 'http',
    host: 'example.com',
    path: '/?a',
  })
  for (const url of [
    '/path',
    'example.com/a',
    'ftp://example.com/',
    'http://',
    'http:///a',
    'http://u@example.com/',
  ])
    expect(parseTarget(url, RULES)).toBeUndefined()
})
