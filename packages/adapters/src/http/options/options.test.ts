import { expect, test } from 'vitest'
import { type HttpCacheOptions, resolveOptions } from './options.ts'

const ILLEGAL: readonly (readonly [options: unknown, message: RegExp])[] = [
  [null, /expected an object/],
  [{ TTL: 1 }, /unknown option 'TTL', known are ttl/],
  [{ ttl: '1m' }, /ttl: expected a number or a function, got '1m'/],
  [{ ttl: 0 }, /ttl: expected a number of at least 1, or Infinity, got 0/],
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
  [{ query: 'tidy' }, /query: expected one of 'raw', 'sorted', \{ ignore, only, sort \}, got 'tidy'/],
  [{ query: { without: [] } }, /query: unknown option 'without', known are ignore, only, sort/],
  [{ query: { ignore: 'utm_*' } }, /query.ignore: expected an array/],
  [{ query: { only: ['a*b'] } }, /query.only: expected names, or patterns.*'a\*b'/],
  [{ query: { sort: 1 } }, /query.sort: expected a boolean/],
  [{ key: 'path' }, /key: expected a function/],
  [{ vary: 'accept' }, /vary: expected an array/],
  [{ vary: ['Cookie'] }, /vary: it includes 'cookie', which proves who asks; use shareWithCookies/],
  [{ vary: ['*'] }, /vary: expected names, or patterns/],
  [{ fields: { ignore: [] } }, /fields: unknown option 'ignore', known are exempt, personal/],
  [{ fields: { exempt: ['x y'] } }, /fields.exempt: expected names, or patterns/],
  [{ fields: { exempt: ['auth*'] } }, /fields.exempt: it includes 'authorization'.*shareWithAuthorization/],
  [{ fields: { personal: 'x' } }, /fields.personal: expected an array/],
  [{ exemptCookies: true }, /exemptCookies: expected an array/],
  [{ acceptLanguage: 'de' }, /acceptLanguage: expected an array/],
  [{ acceptLanguage: ['de_DE'] }, /acceptLanguage: expected languages such as 'de' or 'pt-BR', got 'de_DE'/],
  [{ shouldStore: true }, /shouldStore: expected a function/],
  [{ invalidateQueries: 1 }, /invalidateQueries: expected a boolean/],
  [{ tags: 'a' }, /tags: expected an array or a function, got 'a'/],
  [{ tags: ['a,b'] }, /tags: expected a text without commas.*'a,b'/],
  [{ tags: [' a'] }, /tags/],
  [{ tags: [''] }, /tags/],
  [{ shareWithAuthorization: 'yes' }, /shareWithAuthorization: expected a boolean/],
  [{ shareWithCookies: 'theme' }, /shareWithCookies: expected a boolean or an array, got 'theme'/],
  [{ isPersonal: true }, /isPersonal: expected a function/],
  [{ cdnCacheControl: 1 }, /cdnCacheControl: expected a boolean/],
  [{ collapse: true }, /collapse: expected an object or false, got true/],
  [{ collapse: { wait: 1 } }, /collapse: unknown option 'wait', known are lease, timeout/],
  [{ collapse: { lease: 1 } }, /collapse.lease: expected a number from 100/],
  [{ collapse: { timeout: 0 } }, /collapse.timeout/],
  [{ storeTimeout: 0 }, /storeTimeout: expected a number from 1/],
  [{ name: 1 }, /name: expected a string/],
  [{ clock: 1 }, /clock: expected a function/],
  [[], /expected an object, got \[\]/],
  [{ maxBodySize: null }, /maxBodySize: expected a number, got null/],
  [{ maxBodySize: NaN }, /maxBodySize: expected a number of at least 0, got NaN/],
  [{ statuses: null }, /statuses: expected an array, got null/],
  [{ statuses: [] }, /statuses: the list is empty; leave the option out for all that can be stored/],
  [{ hosts: null }, /hosts: expected an array, got null/],
  [{ hosts: [] }, /hosts: the list is empty; leave the option out for all hosts/],
  [{ hosts: [''] }, /hosts: expected names such as.*got ''$/],
  [{ hosts: ['*.shop.example'] }, /hosts: expected names.*none of them a pattern, got '\*\.shop\.example'$/],
  [{ hosts: ['shop.example '] }, /hosts: .*got 'shop\.example '; write 'shop\.example'$/],
  [{ hosts: ['shop.example?'] }, /hosts: .*; write 'shop\.example'$/],
  [{ hosts: ['https://shop.example:8443/a'] }, /hosts: .*; write 'shop\.example:8443'$/],
  [{ hosts: ['shop.example:65536'] }, /hosts: expected names.*got 'shop\.example:65536'$/],
  [{ hosts: ['müller.example'] }, /hosts: .*; write 'xn--mller-kva\.example'$/],
  [{ query: null }, /query: expected one of 'raw', 'sorted', .*ignore, only, sort.*, got null/],
  [{ query: [] }, /query: expected an object, got \[\]/],
  [{ query: { ignore: null } }, /query\.ignore: expected an array, got null/],
  [{ query: { ignore: ['a[b]'] } }, /query\.ignore: expected names.*'a\[b\]'/],
  [{ query: { only: '' } }, /query\.only: expected an array, got ''/],
  [{ key: null }, /key: expected a function, got null/],
  [{ vary: null }, /vary: expected an array, got null/],
  [{ vary: ['Accept,Origin'] }, /vary: expected names/],
  [{ vary: ['X-Shop:'] }, /vary: expected names/],
  [{ acceptLanguage: [] }, /acceptLanguage: the list is empty/],
  [{ acceptLanguage: ['de '] }, /acceptLanguage: expected languages/],
  [{ fields: null }, /fields: expected an object, got null/],
  [{ fields: { exempt: [':path'] } }, /fields\.exempt: expected names/],
  [{ fields: { personal: [''] } }, /fields\.personal: expected names/],
  [{ exemptCookies: ['a;b'] }, /exemptCookies: expected names.*'a;b'/],
  [{ exemptCookies: ['a=1'] }, /exemptCookies: expected names.*'a=1'/],
  [{ exemptCookies: [' a'] }, /exemptCookies: expected names/],
  [{ shareWithCookies: ['a;b'] }, /shareWithCookies: expected names/],
  [{ shareWithCookies: null }, /shareWithCookies: expected a boolean or an array, got null/],
  [{ tags: null }, /tags: expected an array or a function, got null/],
  [{ cdnCacheControl: null }, /cdnCacheControl: expected a boolean, got null/],
  [{ collapse: null }, /collapse: expected an object or false, got null/],
  [{ collapse: [] }, /collapse: expected an object/],
  [{ storeTimeout: null }, /storeTimeout: expected a number, got null/],
  [{ onError: null }, /onError: expected a function, got null/],
  [{ cache: null }, /cache: expected an object, got null/],
  [{ cache: 1 }, /cache: expected an object, got 1/],
  [{ cache: [] }, /cache: expected an object, got \[\]/],
]

for (const [options, message] of ILLEGAL)
  test(`cacheResponses() refuses the options ${JSON.stringify(options)}`, () => {
    expect(() => resolveOptions(options as HttpCacheOptions)).toThrow(message)
  })

test('cacheResponses() completes its options', () => {
  const { freshness, maxBodySize, collapse } = resolveOptions({})
  const of = freshness(() => ({ url: 'http://a/', status: 200, headers: {} }), undefined, undefined)
  expect(of).toMatchObject({ ttl: undefined, staleWhileRevalidate: 0, staleIfError: 0 })
  expect(collapse).toEqual({ isOn: true, lease: 5_000, timeout: 10_000 })
  expect(maxBodySize).toBe(67_108_864)
})

test('cacheResponses() takes a ttl for ever, which no lifetime is longer than', () => {
  const response = () => ({ url: 'http://a/', status: 200, headers: {} })
  for (const ttl of [Infinity, 1e300, () => Infinity]) {
    const { freshness } = resolveOptions({ ttl })
    expect(freshness(response, undefined, undefined).ttl).toBe(2 ** 31 * 1_000)
  }
})

test('cacheResponses() takes an option that is undefined for one that is left out', () => {
  const cache = { tagIndex: undefined, evictionPolicy: undefined, sizeLimit: 1e6 }
  expect(resolveOptions({ cache }).cache).toEqual({
    tagIndex: true,
    evictionPolicy: 'least-recently-used',
    sizeLimit: 1e6,
  })
  expect(resolveOptions({ hosts: undefined, statuses: undefined, tags: undefined }).target.hosts).toBe(
    undefined,
  )
})

test('cacheResponses() refuses a store in the place of the options of one', () => {
  const store = new (class {
    get capabilities() {
      return {}
    }
  })()
  expect(() => resolveOptions({ cache: store as never })).toThrow(/cache: .*in the place of the directory/)
})

test('cacheResponses() refuses promises and lists that are none from functions', () => {
  const { shouldStore, tags } = resolveOptions({
    shouldStore: (async () => false) as never,
    tags: () => 'ab' as never,
  })
  const response = { url: 'http://a/', status: 200, headers: {} }
  expect(() => shouldStore(response, undefined, undefined)).toThrow(/decide by shouldStore: .* promise/)
  expect(() => tags(undefined, undefined)).toThrow(/what tags returns: expected an array, got 'ab'/)
})

test('cacheResponses() refuses a key that is no text', () => {
  const keyOf = (key: unknown) => resolveOptions({ key: () => key as string }).key(undefined)
  expect([keyOf('a'), keyOf(''), keyOf(undefined)]).toEqual(['a', '', undefined])
  for (const key of [1, null, {}]) expect(() => keyOf(key)).toThrow(/what key returns: expected a string/)
})
