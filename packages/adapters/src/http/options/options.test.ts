import { expect, test } from 'vitest'
import { type HttpCacheOptions, resolveOptions } from './options.ts'

const ILLEGAL: readonly (readonly [options: unknown, message: RegExp])[] = [
  [null, /expected an object/],
  [{ TTL: 1 }, /unknown option 'TTL', known are ttl/],
  [{ ttl: '1m' }, /ttl: expected a number, got '1m'/],
  [{ ttl: 0 }, /ttl: expected a number of at least 1, got 0/],
  [{ ttl: NaN }, /ttl/],
  [{ staleIfError: 1 }, /staleIfError without ttl.*Cache-Control/],
  [{ staleWhileRevalidate: 1 }, /staleWhileRevalidate without ttl/],
  [{ ttl: 1, staleIfError: -1 }, /staleIfError/],
  [{ maxBodySize: -1 }, /maxBodySize/],
  [{ statuses: 200 }, /statuses: expected an array/],
  [{ statuses: [500] }, /statuses: 500 is never stored, choose among 200/],
  [{ statuses: [206] }, /206 is never stored/],
  [{ hosts: 'example.com' }, /hosts: expected an array/],
  [{ hosts: ['https://example.com'] }, /hosts: expected names such as 'example.com'/],
  [{ query: 'tidy' }, /query: expected one of 'raw', 'sorted'/],
  [{ tags: 'a' }, /tags: expected an array/],
  [{ tags: ['a,b'] }, /tags: expected a text without commas.*'a,b'/],
  [{ tags: [' a'] }, /tags/],
  [{ tags: [''] }, /tags/],
  [{ shareWithAuthorization: 'yes' }, /shareWithAuthorization: expected a boolean/],
  [{ shareWithCookies: 'theme' }, /shareWithCookies: expected an array/],
  [{ isPersonal: true }, /isPersonal: expected a function/],
  [{ collapse: true }, /collapse: expected an object/],
  [{ collapse: { wait: 1 } }, /collapse: unknown option 'wait', known are lease, timeout/],
  [{ collapse: { lease: 1 } }, /collapse.lease: expected a number from 100/],
  [{ collapse: { timeout: 0 } }, /collapse.timeout/],
  [{ timeout: Infinity }, /timeout/],
  [{ name: 1 }, /name: expected a string/],
  [{ clock: 1 }, /clock: expected a function/],
]

for (const [options, message] of ILLEGAL)
  test(`cacheResponses() refuses the options ${JSON.stringify(options)}`, () => {
    expect(() => resolveOptions(options as HttpCacheOptions)).toThrow(message)
  })

test('cacheResponses() completes its options', () => {
  const { freshness, maxBodySize, collapse, timeout } = resolveOptions({})
  expect(freshness).toEqual({ ttl: undefined, staleWhileRevalidate: 0, staleIfError: 0 })
  expect(collapse).toEqual({ isOn: true, lease: 5_000, timeout: 10_000 })
  expect([maxBodySize, timeout]).toEqual([67_108_864, 1_000])
})
