import { expect, test } from 'vitest'
import { httpRequestOf, type NodeRequest } from './node-request.ts'

interface Asking {
  readonly headers?: Record<string, string>
  readonly socket?: object
}

function requestOf({ headers = {}, socket = {} }: Asking): NodeRequest {
  const all = { host: 'example.com', ...headers }
  return { method: 'GET', url: '/', headers: all, rawHeaders: Object.entries(all).flat(), socket } as never
}

test('httpRequestOf() takes what a proxy says only when it is trusted', () => {
  const headers = { 'x-forwarded-host': 'Shop.example, inner', 'x-forwarded-proto': 'HTTPS, http' }
  expect(httpRequestOf(requestOf({ headers }), false)).toMatchObject({ scheme: 'http', host: 'example.com' })
  expect(httpRequestOf(requestOf({ headers }), true)).toMatchObject({ scheme: 'https', host: 'shop.example' })
  expect(httpRequestOf(requestOf({ socket: { encrypted: true } }), false).scheme).toBe('https')
})

test('httpRequestOf() gives the host in lower case, and none of several', () => {
  expect(httpRequestOf(requestOf({ headers: { host: 'EXAMPLE.com' } }), false).host).toBe('example.com')
  const twice = requestOf({})
  twice.rawHeaders.push('HOST', 'other.example')
  expect(httpRequestOf(twice, false).host).toBeUndefined()
})

test('httpRequestOf() finds a certificate, also one that nobody has vouched for', () => {
  const shown = { getPeerCertificate: () => ({ subject: {} }) }
  const sockets = [
    [{}, false],
    [{ authorized: true }, true],
    [{ authorizationError: 'SELF_SIGNED', ...shown }, true],
    [{ authorizationError: 'NO_CERTIFICATE', getPeerCertificate: () => ({}) }, false],
  ] as const
  for (const [socket, expected] of sockets)
    expect(httpRequestOf(requestOf({ socket }), false).hasCertificate).toBe(expected)
})

test('httpRequestOf() tells what routers have made of the URL', () => {
  const routed = { ...requestOf({}), originalUrl: '/shop/a', baseUrl: '/shop', url: '/a' } as NodeRequest
  expect(httpRequestOf(routed, false)).toMatchObject({ url: '/shop/a', rewritten: undefined })
  expect(httpRequestOf({ ...routed, url: '/b' } as NodeRequest, false).rewritten).toBe('/shop/b')
})
