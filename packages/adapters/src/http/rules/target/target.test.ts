import { expect, test } from 'vitest'
import type { HttpRequest } from '../http-request.ts'
import { nameOf, parseTarget, pathId, type Target, targetId, targetOf, urlOf } from './target.ts'

const RAW = { ignore: undefined, only: undefined, sort: false }
const RULES = { hosts: undefined, query: RAW }

function requestOf(given: Partial<HttpRequest>): HttpRequest {
  const request = {
    method: 'GET',
    scheme: 'http',
    host: 'example.com',
    url: '/',
    headers: {},
    cacheControl: undefined,
  }
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
    { scheme: 'http', host: 'a', path: '/b?c' },
    { scheme: 'http', host: 'a', path: '/B' },
    { scheme: 'http', host: 'a', path: '//b' },
    { scheme: 'http', host: 'a', path: '/b%2F' },
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

/** What people write, and what a client sends for it. */
const SPELLINGS = [
  ['http://EXAMPLE.com/a', '/a'],
  ['HTTP://example.com:80/a', '/a'],
  ['http://example.com/a#b', '/a'],
  ['http://example.com/a?', '/a'],
  ['http://example.com', '/'],
  ['http://example.com/a b', '/a%20b'],
  ['http://example.com/ü', '/%C3%BC'],
  ['http://example.com/%c3%bc', '/%C3%BC'],
  ['http://example.com/%7Ea', '/~a'],
  ['http://example.com/./c/../d', '/d'],
  ['http://example.com/a?q=ä b', '/a?q=%C3%A4%20b'],
] as const

for (const [written, sent] of SPELLINGS)
  test(`targetId() is the same for ${written} and for ${sent}`, () => {
    const target = targetOf(requestOf({ url: sent }), RULES) as Target
    const id = targetId(parseTarget(written, RULES) as Target)
    expect(nameOf(target)).toEqual({ id, spelling: undefined })
  })

test('nameOf() tells requests apart that are spelled otherwise', () => {
  const spelling = (url: string, host = 'example.com') =>
    nameOf(targetOf(requestOf({ url, host }), RULES) as Target).spelling
  for (const url of ['/./c', '/%7Ea', '/a?', '/a b', '/%c3%bc', '/a?%41', "/a?'", '//../a', '/a/%2e/b'])
    expect(spelling(url)).toBe(`example.com${url}`)
  expect(spelling('/', 'example.com:80')).toBe('example.com:80/')
  for (const url of ['/', '//', '/a/b.c?d=e&f', '/%2F', "/a'b;c=1", '/a?b?/c', '/.well-known/x'])
    expect(spelling(url)).toBeUndefined()
})

test('nameOf() tells targets apart by scheme, host, path and owner', () => {
  const target = { scheme: 'http', host: 'a', path: '/b' }
  const others = [{ scheme: 'https' }, { host: 'a.c' }, { path: '/c' }, { owner: 'o' }, { owner: 'p' }]
  const all = [target, ...others.map((other) => ({ ...target, ...other }))]
  for (const one of [...all, ...all]) expect(nameOf(one).id).toBe(targetId(one))
  expect(new Set(all.map((one) => nameOf(one).id)).size).toBe(6)
})

test('pathId() is the same for all queries of a path', () => {
  const id = (url: string) => pathId(parseTarget(url, RULES) as Target)
  for (const url of ['http://a/b?', 'http://a/b?c=1', 'http://a:80/./b?d', 'http://A/%62'])
    expect(id(url)).toBe(id('http://a/b'))
  for (const url of ['http://a/b/', 'http://a/', 'https://a/b', 'http://b/b'])
    expect(id(url)).not.toBe(id('http://a/b'))
})

test('targetOf() takes a host of ours also with the port of its scheme', () => {
  const hosts = new Set(['example.com'])
  const isOurs = (host: string) => targetOf(requestOf({ host }), { ...RULES, hosts }) !== undefined
  expect(['example.com', 'example.com:80', 'example.com:443', 'other.com'].map(isOurs)).toEqual([
    ...[true, true, false, false],
  ])
  const named = new Set(['example.com:80'])
  const isNamed = (host: string) => targetOf(requestOf({ host }), { ...RULES, hosts: named }) !== undefined
  expect(['example.com', 'example.com:80', 'example.com:443'].map(isNamed)).toEqual([true, true, false])
})
