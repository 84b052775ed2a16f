import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { expect } from 'vitest'
import type { Changed, EntryDetail, Overview } from '../../src/inspector/protocol/api.ts'
import { LoopbackDoor } from '../../src/inspector/server/http/loopback-door.ts'
import { inspectTarget } from '../../src/inspector/server/inspect-target.ts'
import { ask, askJson, change, entryOf } from './ask.ts'

const test = directoryTest.extend<{ url: string; cache: Cache }>({
  cache: async ({ directory }, use) => {
    const cache = new Cache(directory)
    cache.set('a', 'one', { tag: 'red' })
    cache.set('b', 'two', { tag: 'red' })
    await use(cache)
    expect(cache.check()).toEqual([])
    cache.close()
  },
  url: async ({ directory, cache }, use) => {
    expect(cache.isOpen).toBe(true)
    await using inspected = await inspectTarget(directory, {})
    await using door = await LoopbackDoor.open(inspected.inspector, { host: '127.0.0.1', port: 0 })
    await use(door.url)
  },
})

const origin = (url: string) => `${new URL(url).origin}/`

test('LoopbackDoor answers below a path of 128 random bits', async ({ url }) => {
  expect(new URL(url).pathname).toMatch(/^\/[\w-]{22}\/$/)
  expect((await ask(url)).text).toContain('<main>')
  expect(await askJson<Overview>(url, 'api/overview')).toMatchObject({ isReadonly: false })
})

test.for([
  '',
  'api/overview',
  'AAAAAAAAAAAAAAAAAAAAAA/',
  'AAAAAAAAAAAAAAAAAAAAAA/api/overview',
  'favicon.ico',
  '%2e%2e/',
])('LoopbackDoor says nothing about /%s', async (path, { url }) => {
  const answer = await ask(origin(url), path)
  expect([answer.status, answer.text]).toEqual([404, ''])
})

test('LoopbackDoor takes no part of the token, and nothing beside it', async ({ url }) => {
  const token = new URL(url).pathname.slice(1, -1)
  const last = token.endsWith('A') ? 'B' : 'A'
  for (const wrong of [
    token.slice(0, -1),
    token.slice(0, -1) + last,
    `${token}x`,
    `/${token}`,
    encodeURIComponent(token) === token ? `%${token.charCodeAt(0).toString(16)}${token.slice(1)}` : token,
  ]) {
    expect((await ask(origin(url), `${wrong}/api/overview`)).status, wrong).toBe(404)
  }
})

test('LoopbackDoor leads to the address with a slash at its end', async ({ url }) => {
  const token = new URL(url).pathname.slice(1, -1)
  const answer = await ask(origin(url), `${token}?a=1`)
  expect([answer.status, answer.headers.location]).toEqual([308, `./${token}/?a=1`])
  expect(new URL(`./${token}/`, `${origin(url)}${token}`).href).toBe(url)
})

test.for([
  '../../etc/passwd',
  'page/../../package.json',
  '..%2f..%2fpackage.json',
  'main.js/',
  'main.js%00',
  '/main.js',
  'api',
  'api/',
  'api/constructor',
  'api/__proto__',
  'api/overview/',
  'constructor',
])('Inspector has nothing at %s', async (path, { url }) => {
  const answer = await ask(url, path)
  expect(answer.status).toBe(404)
  expect(JSON.parse(answer.text)).toEqual({ error: 'There is nothing here' })
})

test.for([
  'attacker.example',
  'localhost.attacker.example',
  '127.0.0.1',
  '127.0.0.1.:PORT',
  '0.0.0.0:PORT',
  'LOCALHOST:1',
])('LoopbackDoor refuses the host %j, whatever the path', async (host, { url }) => {
  const headers = { Host: host.replace('PORT', new URL(url).port) }
  const answer = await ask(url, 'api/overview', { headers })
  expect(answer.status).toBe(403)
  expect(answer.text).not.toContain('isReadonly')
  expect((await ask(origin(url), '', { headers })).status).toBe(answer.status)
})

test('LoopbackDoor refuses a request that names no host', async ({ url }) => {
  const { port, pathname } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.end(`GET ${pathname}api/overview HTTP/1.0\r\n\r\n`)
  expect(await text(socket)).toMatch(/^HTTP\/1.1 403 /)
})

test('LoopbackDoor answers under the names of this machine', async ({ url }) => {
  for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
    const headers = { Host: `${name}:${new URL(url).port}` }
    expect((await ask(url, 'api/overview', { headers })).status).toBe(200)
  }
})

test.for(['0.0.0.0', '::', '192.0.2.1', 'example.org', '127.example.org', ''])(
  'LoopbackDoor does not listen on %j',
  async (host) => {
    const inspector = { answer: () => Promise.reject(new Error('asked')) }
    await expect(LoopbackDoor.open(inspector, { host, port: 0 })).rejects.toThrow(RangeError)
  },
)

test('LoopbackDoor listens on localhost and other addresses of the loopback', async ({ directory }) => {
  new Cache(directory).close()
  await using inspected = await inspectTarget(directory, { readonly: true })
  for (const host of process.platform === 'linux' ? ['localhost', '127.0.0.2'] : ['localhost']) {
    await using door = await LoopbackDoor.open(inspected.inspector, { host, port: 0 })
    expect(await askJson<Overview>(door.url, 'api/overview')).toMatchObject({ isReadonly: true })
  }
})

test('Inspector changes what the page asks for', async ({ url, cache }) => {
  const send = (action: string, body: unknown) => askJson<Changed>(url, `api/${action}`, change(url, body))
  expect(await send('touch', { action: 'touch', id: 'sa', ttl: 60_000 })).toEqual({ entries: 1 })
  expect(cache.getEntry('a')?.expireTime).toBeGreaterThan(Date.now())
  expect(await send('touch', { action: 'touch', id: 'sa', ttl: null })).toEqual({ entries: 1 })
  expect(cache.getEntry('a')?.expireTime).toBeNull()
  expect(await send('pin', { action: 'pin', id: 'sb', pin: true })).toEqual({ entries: 1 })
  expect(await send('delete', { action: 'delete', id: 'sa' })).toEqual({ entries: 1 })
  expect(await send('delete', { action: 'delete', id: 'sa' })).toEqual({ entries: 0 })
  expect(await send('pin', { id: 'sa', pin: false })).toEqual({ entries: 0 })
  expect(await send('evict', { action: 'evict', tag: '"red"' })).toEqual({ entries: 1 })
  expect(cache.size).toBe(0)
})

test('Inspector robs no value of its class', async ({ url, directory }) => {
  class User {
    name = 'Ada'
  }
  using cache = new Cache(directory, {
    classes: { User: { type: User, write: ({ name }: User) => ({ name }), read: () => new User() } },
  })
  cache.set('user', new User())
  const { value } = await askJson<EntryDetail>(url, entryOf('suser'))
  expect(value.text).toContain('Ada')
  const answer = await ask(url, 'api/pin', change(url, { id: 'suser', pin: true }))
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('User')])
  expect(await askJson(url, 'api/touch', change(url, { id: 'suser', ttl: 60_000 }))).toEqual({ entries: 1 })
  expect(cache.get('user')).toBeInstanceOf(User)
})

test('Inspector takes a change of a program that has the address and names no origin', async ({
  url,
  cache,
}) => {
  const sent = change(url, { id: 'sa' })
  const { Origin: _origin, ...headers } = sent.headers!
  expect((await ask(url, 'api/delete', { ...sent, headers })).status).toBe(200)
  expect(cache.has('a')).toBe(false)
})

test.for<[string, Record<string, string | undefined>]>([
  ['another origin', { Origin: 'http://attacker.example' }],
  ['another port', { Origin: 'http://127.0.0.1:1' }],
  ['no origin that is known', { Origin: 'null' }],
  ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
  ['another site of the same name', { 'Sec-Fetch-Site': 'same-site' }],
  ['a link', { 'Sec-Fetch-Site': 'none' }],
  ['another origin on our site', { Origin: 'http://attacker.example', 'Sec-Fetch-Site': 'same-origin' }],
  ['a form', { 'X-Diskcache-Inspector': undefined }],
  ['another version', { 'X-Diskcache-Inspector': '2' }],
])('Inspector refuses a change from %s', async ([, headers], { url, cache }) => {
  const sent = change(url, { id: 'sa' })
  const fields = Object.entries({ ...sent.headers, ...headers }).filter(([, value]) => value !== undefined)
  const answer = await ask(url, 'api/delete', { ...sent, headers: Object.fromEntries(fields) })
  expect(answer.status).toBe(403)
  expect(cache.has('a')).toBe(true)
})

test.for([
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/json-patch',
  'multipart/form-data',
  '',
])('Inspector refuses a change as %j', async (type, { url, cache }) => {
  const answer = await ask(url, 'api/delete', change(url, { id: 'sa' }, { 'Content-Type': type }))
  expect(answer.status).toBe(400)
  expect(cache.has('a')).toBe(true)
})

test('Inspector changes nothing by another method than POST', async ({ url, cache }) => {
  for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY']) {
    const sent = { headers: change(url, '').headers!, method }
    const answer = await ask(url, 'api/delete?id=sa', sent)
    expect([answer.status, answer.headers.allow], method).toEqual([405, 'POST'])
  }
  const answer = await ask(url, 'api/overview', change(url, {}))
  expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD'])
  expect((await ask(url, '', change(url, {}))).status).toBe(405)
  expect(cache.size).toBe(2)
})

test('Inspector reads at most 64 KiB, with and without a length', async ({ url, cache }) => {
  const body = JSON.stringify({ id: 'sa', filler: 'x'.repeat(64 * 1024) })
  for (const headers of [{}, { 'Transfer-Encoding': 'chunked' }]) {
    // The connection may be gone before all of it is sent.
    const answer = await ask(url, 'api/delete', change(url, body, headers)).catch(() => undefined)
    expect(answer?.status ?? 413).toBe(413)
  }
  expect(cache.has('a')).toBe(true)
  expect((await ask(url, 'api/delete', change(url, { id: 'sa', filler: 'x'.repeat(60_000) }))).status).toBe(
    200,
  )
})

test.for([
  '',
  '{',
  '[]',
  'null',
  '"sa"',
  '{}',
  '{"id":1}',
  '{"id":"x"}',
  '{"id":"sa","action":"touch"}',
  '{"id":"bzz"}',
])('Inspector refuses to delete what %j says', async (body, { url, cache }) => {
  const answer = await ask(url, 'api/delete', change(url, body))
  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.text).error).toMatch(/^Cannot .*[^.]$/)
  expect(answer.text).not.toContain('    at ')
  expect(cache.size).toBe(2)
})

test.for([-1, 'x', undefined, [1]])('Inspector refuses %j as a time to live', async (ttl, { url, cache }) => {
  expect((await ask(url, 'api/touch', change(url, { id: 'sa', ttl }))).status).toBe(400)
  expect(cache.getEntry('a')?.expireTime).toBeNull()
})

test('Inspector lets no other site read, embed or keep it', async ({ url }) => {
  for (const path of ['', 'main.js', 'page.css', 'api/overview', 'api/gone']) {
    const { headers } = await ask(url, path)
    expect(headers['content-security-policy'], path).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    })
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  }
})

test('Inspector refuses what another site asks for', async ({ url }) => {
  for (const site of ['cross-site', 'same-site']) {
    const headers = { 'Sec-Fetch-Site': site }
    expect((await ask(url, entryOf('sa'), { headers })).status).toBe(403)
    // A link to the page tells the other site nothing.
    expect((await ask(url, '', { headers })).status).toBe(200)
  }
})

test('Inspector answers HEAD with the fields of GET', async ({ url }) => {
  for (const path of ['', 'main.js', 'api/entries', entryOf('gone')]) {
    const [get, head] = [await ask(url, path), await ask(url, path, { method: 'HEAD' })]
    expect([head.status, head.text]).toEqual([get.status, ''])
    expect(head.headers['content-length']).toBe(get.headers['content-length'])
    expect(head.headers['content-type']).toBe(get.headers['content-type'])
  }
})

test('the page has relative addresses and no program of its own', async ({ url }) => {
  const { text: page, headers } = await ask(url)
  expect(headers['content-type']).toBe('text/html; charset=utf-8')
  for (const [, address] of page.matchAll(/(?:src|href)="([^"]*)"/g)) {
    expect(address).toMatch(/^[a-z]/)
    expect((await ask(url, address)).status).toBe(200)
  }
  expect(page).not.toMatch(/<script[^>]*>[^<]|<style|style=|\son\w+=|http/)
  for (const part of ['<html lang="en">', '<title>', 'name="viewport"', 'name="color-scheme"'])
    expect(page).toContain(part)
})
