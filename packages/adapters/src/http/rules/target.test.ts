import { expect, test } from 'vitest'
import type { HttpRequest } from './http-request.ts'
import { parseTarget, type Target, targetId, targetOf, urlOf } from './target.ts'

const TRUSTED = '10.0.0.1'

const RULES = {
  hosts: undefined,
  query: 'raw',
  isFromProxy: ({ socket }: HttpRequest) => socket.remoteAddress === TRUSTED,
} as const

interface Asking {
  readonly headers?: Record<string, string>
  readonly url?: string
  readonly trusts?: boolean
  readonly encrypted?: boolean
}

function requestOf({ headers = {}, url = '/', trusts = false, encrypted = false }: Asking): HttpRequest {
  const all = { host: 'example.com', ...headers }
  const request = {
    headers: all,
    rawHeaders: Object.entries(all).flat(),
    originalUrl: url,
    socket: { encrypted, remoteAddress: trusts ? TRUSTED : '192.0.2.1' },
  }
  return request as unknown as HttpRequest
}

test('targetOf() takes what a proxy says only when it is trusted', () => {
  const headers = { 'x-forwarded-host': 'Shop.example, inner', 'x-forwarded-proto': 'https, http' }
  expect(targetOf(requestOf({ headers }), RULES)).toEqual({ scheme: 'http', host: 'example.com', path: '/' })
  expect(targetOf(requestOf({ headers, trusts: true }), RULES)).toMatchObject({
    scheme: 'https',
    host: 'shop.example',
  })
  expect(targetOf(requestOf({ encrypted: true }), RULES)?.scheme).toBe('https')
})

const HOSTS = ['example.com', 'localhost:3000', '127.0.0.1', '[::1]:80', 'a_b.example.', 'EXAMPLE.com']
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
    expect(targetOf(requestOf({ headers: { host } }), RULES)?.host).toBe(host.toLowerCase())
  })

for (const host of NO_HOSTS)
  test(`targetOf() refuses the host ${JSON.stringify(host)}`, () => {
    expect(targetOf(requestOf({ headers: { host } }), RULES)).toBeUndefined()
  })

test('targetOf() refuses several hosts, other schemes and what is no path', () => {
  const twice = requestOf({})
  twice.rawHeaders.push('HOST', 'other.example')
  expect(targetOf(twice, RULES)).toBeUndefined()
  const odd = requestOf({ headers: { 'x-forwarded-proto': 'gopher' }, trusts: true })
  expect(targetOf(odd, RULES)).toBeUndefined()
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
