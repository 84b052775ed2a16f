import type { HttpCacheOptions } from '../../src/http/index.ts'
import { type Case, type Origin, origin, SECOND, type Step } from './conformance-cases.ts'
import type { Reply } from './platform.ts'

const PAGE = { 'Cache-Control': 'public, max-age=60' }

/** Asks with each of these fields: the first is a miss, the others share its answer. */
function shared(title: string, requests: readonly Record<string, string>[], more: Partial<Case> = {}): Case {
  const steps = requests.map((headers): Step => ({ runs: 1, headers, text: 'run 1' }))
  return { section: 'fields', title, origin: origin(PAGE), steps, ...more }
}

/** Asks with each of these fields, twice: each has an answer of its own. */
function apart(title: string, requests: readonly Record<string, string>[], more: Partial<Case> = {}): Case {
  const first = requests.map((headers, at): Step => ({ runs: at + 1, headers }))
  const again = requests.map(
    (headers, at): Step => ({ runs: requests.length, headers, text: `run ${at + 1}` }),
  )
  return { section: 'fields', title, origin: origin(PAGE), steps: [...first, ...again], ...more }
}

const STATUSES = [200, 203, 204, 300, 301, 302, 307, 308, 404, 405, 410, 414, 501]

/** The statuses that a default freshness is for. */
const OF_PAGES = [200, 203, 300, 301, 308]

/** A path of letters for each status: one of digits would be of the same route. */
function pathOf(status: number): string {
  return `/${String.fromCharCode(97 + STATUSES.indexOf(status))}`
}

/** Answers with each status, and without freshness. */
function anyStatus(run: number, { url }: { readonly url: string }): Reply {
  const status = STATUSES.find((one) => pathOf(one) === url) as number
  return status === 204 ? { status } : { status, headers: { Location: '/' }, body: `run ${run}` }
}

/** Asks twice for each status; those that are `stored` run once. */
function eachStatus(title: string, stored: readonly number[], options: HttpCacheOptions): Case {
  let runs = 0
  const steps = STATUSES.flatMap((status): Step[] => {
    const step = { path: pathOf(status), status }
    const isStored = stored.includes(status)
    const detail = isStored ? /fwd=uri-miss; stored$/ : /fwd=uri-miss; detail=freshness$/
    return [
      { ...step, runs: ++runs, has: { 'cache-status': detail } },
      { ...step, runs: isStored ? runs : ++runs },
    ]
  })
  return { section: 'options', title, options, origin: anyStatus, steps }
}

const FIELDS: readonly Case[] = [
  shared('behind Cloudflare all clients share a response', [
    {
      ...{ 'cf-connecting-ip': '192.0.2.1', 'cf-ray': '1-FRA', 'cdn-loop': 'cloudflare' },
      ...{ 'cf-visitor': '{"scheme":"https"}', 'cf-ipcountry': 'DE' },
    },
    {
      ...{ 'cf-connecting-ip': '192.0.2.2', 'cf-ray': '2-FRA', 'cdn-loop': 'cloudflare' },
      ...{ 'cf-visitor': '{"scheme":"https"}', 'cf-ipcountry': 'DE' },
    },
  ]),
  shared('the addresses in Forwarded tell nothing apart', [
    { forwarded: 'by=203.0.113.1;for=192.0.2.1;host=a.example;proto=https' },
    { forwarded: 'for=192.0.2.2; Host="a.example" ;proto=https' },
  ]),
  shared('trace fields tell nothing apart', [
    { traceparent: '00-1-1-01', 'x-amzn-trace-id': 'Root=1', 'x-request-id': '1', 'x-nf-account-id': '1' },
    { traceparent: '00-2-2-01', 'x-amzn-trace-id': 'Root=2', 'x-request-id': '2', 'x-nf-account-id': '2' },
  ]),
  apart('countries have responses of their own', [
    { 'cf-ipcountry': 'DE' },
    { 'cf-ipcountry': 'FR' },
    { 'x-vercel-ip-country': 'DE' },
    {},
  ]),
  apart('the host in Forwarded tells apart, also in a place where it should not be', [
    { forwarded: 'for=192.0.2.1;host=a.example' },
    { forwarded: 'for=192.0.2.1;host=b.example' },
    { forwarded: 'for="192.0.2.1;host=b.example"' },
    { forwarded: 'for=192.0.2.1' },
  ]),
  apart('vary names further fields', [{ 'x-device': 'a' }, { 'x-device': 'b' }, {}], {
    options: { vary: ['X-Dev*'] },
  }),
  shared(
    'fields.exempt passes over fields',
    [{ 'x-user-hint': 'a', 'cf-ipcountry': 'DE' }, { 'x-user-hint': 'b', 'cf-ipcountry': 'FR' }, {}],
    { options: { fields: { exempt: ['x-user-*', 'CF-IPCountry'] } } },
  ),
  {
    section: 'fields',
    title: 'fields.personal keeps requests from the cache',
    options: { fields: { personal: ['x-shop'] } },
    origin: origin(PAGE),
    steps: [
      { runs: 1, headers: { 'x-shop': '1' }, has: { 'cache-status': /fwd=bypass; detail=authorization/ } },
      { runs: 2, headers: { 'x-shop': '1' } },
    ],
  },
  {
    section: 'fields',
    title: 'exemptCookies passes over cookies, and no others',
    options: { exemptCookies: ['_ga*', 'consent'] },
    origin: origin({ 'Cache-Control': 'max-age=60' }),
    steps: [
      { runs: 1, headers: { cookie: '_ga=1; _ga_X=2' } },
      { runs: 1, headers: { cookie: 'consent=1' }, text: 'run 1' },
      { runs: 1, text: 'run 1' },
      { runs: 2, headers: { cookie: '_ga=1; sid=1' } },
      { runs: 3, headers: { cookie: 'Consent=1' } },
    ],
  },
]

/** Requests of so many clients with a field that they have made up. */
function madeUp(field: string, count: number, runs: number): Step[] {
  return Array.from({ length: count }, (_, at) => ({
    runs: runs + at + 1,
    headers: { [field]: `/${field}/${at}` },
  }))
}

const PUSHING: readonly Case[] = [
  ...['x-forwarded-host', 'x-original-url', 'cf-ipcountry', 'forwarded'].map((field) => ({
    section: 'variants',
    title: `no number of clients with ${field} pushes a page out`,
    origin: origin(PAGE),
    steps: [{ runs: 1 }, ...madeUp(field, 20, 1), { runs: 21, text: 'run 1' }],
  })),
  {
    section: 'variants',
    title: 'no number of spellings pushes a page out',
    origin: origin(PAGE),
    steps: [
      { runs: 1, path: '/page' },
      ...Array.from({ length: 20 }, (_, at) => ({ runs: at + 2, path: `/${'./'.repeat(at + 1)}page` })),
      { runs: 21, path: '/page', text: 'run 1' },
    ],
  },
  {
    section: 'variants',
    title: '17 clients with made-up values of a field that Vary names do not push a page out',
    origin: origin({ ...PAGE, Vary: 'Accept-Language' }),
    steps: [
      { runs: 1, headers: { 'accept-language': 'de' } },
      ...madeUp('accept-language', 17, 1),
      { runs: 18, headers: { 'accept-language': 'de' }, text: 'run 1' },
    ],
  },
]

/** A field of a framework's request. */
function fieldOf(req: unknown, name: string): string | undefined {
  const { headers } = req as { headers: Headers | Record<string, string> }
  return headers instanceof Headers ? (headers.get(name) ?? undefined) : headers[name]
}

const QUERIES: readonly Case[] = [
  {
    section: 'query',
    title: 'ignore leaves parameters out, but for those that are named',
    options: { query: { ignore: ['utm_*', 'fbclid'] } },
    origin: origin(PAGE),
    steps: [
      { runs: 1, path: '/?utm_source=a&fbclid=1' },
      { runs: 1, path: '/', text: 'run 1' },
      { runs: 1, path: '/?utm_medium=b', text: 'run 1' },
      { runs: 2, path: '/?page=2&utm_source=a' },
      { runs: 2, path: '/?page=2', text: 'run 2' },
    ],
  },
  {
    section: 'query',
    title: 'only and sort',
    options: { query: { only: ['page', 'sort'], sort: true } },
    origin: origin(PAGE),
    steps: [
      { runs: 1, path: '/?page=2&x=1&sort=up' },
      { runs: 1, path: '/?sort=up&page=2&y', text: 'run 1' },
      { runs: 2, path: '/?page=2' },
      { runs: 3, path: '/?page[]=2' },
    ],
  },
  {
    section: 'query',
    title: 'key tells requests apart, and is not asked for in the background',
    options: {
      key: (req) => fieldOf(req, 'x-theme') ?? 'light',
    },
    origin: origin({ 'Cache-Control': 'max-age=60, stale-while-revalidate=60' }),
    steps: [
      { runs: 1, headers: { 'x-theme': 'dark' } },
      { runs: 2 },
      { runs: 2, headers: { 'x-theme': 'dark' }, text: 'run 1' },
      { after: 61 * SECOND, runs: 3, headers: { 'x-theme': 'dark' }, text: 'run 3' },
    ],
  },
]

/** Says by `No-Vary-Search` what the path's last part is. */
const SEARCH: Origin = (run, request) => {
  const rule = decodeURIComponent(/^\/([^?]*)/.exec(request.url)?.[1] ?? '')
  return origin({ ...PAGE, ...(rule !== '' && { 'No-Vary-Search': rule }) })(run, request)
}

const SEARCHES: readonly Case[] = [
  {
    section: 'No-Vary-Search',
    title: 'params leaves out what is named, and nothing else',
    origin: SEARCH,
    steps: [
      { runs: 1, path: '/params=(%22a%22)?a=1&b=1' },
      { runs: 1, path: '/params=(%22a%22)?a=2&b=1', text: 'run 1' },
      { runs: 1, path: '/params=(%22a%22)?b=1', text: 'run 1' },
      { runs: 2, path: '/params=(%22a%22)?b=2' },
      { runs: 2, path: '/params=(%22a%22)?b=2&a=9', text: 'run 2' },
      { runs: 3, path: '/params=(%22a%22)' },
    ],
  },
  {
    section: 'No-Vary-Search',
    title: 'key-order and except',
    origin: SEARCH,
    steps: [
      { runs: 1, path: '/params,key-order,except=(%22a%22%20%22b%22)?a=1&b=1' },
      { runs: 1, path: '/params,key-order,except=(%22a%22%20%22b%22)?b=1&c&a=1', text: 'run 1' },
      { runs: 2, path: '/params,key-order,except=(%22a%22%20%22b%22)?b=1' },
    ],
  },
  {
    section: 'No-Vary-Search',
    title: 'a malformed field says nothing',
    origin: SEARCH,
    steps: [
      { runs: 1, path: '/params=(%22a%22?a=1' },
      { runs: 2, path: '/params=(%22a%22?a=2' },
    ],
  },
  {
    section: 'No-Vary-Search',
    title: 'a response without the field answers its own URL alone, whatever others of the path say',
    origin: (run, request) =>
      origin({ ...PAGE, ...(request.url.includes('x=') && { 'No-Vary-Search': 'params=("x")' }) })(
        run,
        request,
      ),
    steps: [
      { runs: 1, path: '/?a=1' },
      { runs: 2, path: '/?a=2&x=1' },
      { runs: 3, path: '/?a=1&x=1' },
      { runs: 3, path: '/?a=1&x=2', text: 'run 3' },
      { runs: 3, path: '/?a=2&x=3', text: 'run 2' },
    ],
  },
  {
    section: 'No-Vary-Search',
    title: 'a POST reaches what stands for its URL',
    origin: SEARCH,
    steps: [
      { runs: 1, path: '/params?a=1' },
      { after: 1, runs: 2, path: '/params?a=2', method: 'POST' },
      { after: 1, runs: 3, path: '/params?a=3' },
    ],
  },
]

const NEGOTIATION: readonly Case[] = [
  shared(
    'Accept-Encoding counts by what is wanted, however it is spelled',
    [{ 'accept-encoding': 'gzip, br' }, { 'accept-encoding': 'gzip;q=1.0,br' }],
    { origin: origin({ ...PAGE, Vary: 'Accept-Encoding' }) },
  ),
  apart(
    'Accept-Encoding counts by what is wanted first',
    [
      { 'accept-encoding': 'gzip, br' },
      { 'accept-encoding': 'gzip, br;q=0.5' },
      { 'accept-encoding': 'gzip' },
    ],
    { origin: origin({ ...PAGE, Vary: 'Accept-Encoding' }) },
  ),
  shared(
    'acceptLanguage counts only the languages that there are',
    [
      { 'accept-language': 'de-DE,de;q=0.9,en-US;q=0.5' },
      { 'accept-language': 'de, en;q=0.2, fr;q=0.1' },
      { 'accept-language': 'x-1, de;q=0.8, en;q=0.7' },
    ],
    { options: { acceptLanguage: ['de', 'en'] }, origin: origin({ ...PAGE, Vary: 'Accept-Language' }) },
  ),
  apart(
    'acceptLanguage tells apart who wants another language',
    [{ 'accept-language': 'de' }, { 'accept-language': 'en, de;q=0.5' }, { 'accept-language': 'fr' }, {}],
    { options: { acceptLanguage: ['de', 'en'] }, origin: origin({ ...PAGE, Vary: 'Accept-Language' }) },
  ),
]

const DECISIONS: readonly Case[] = [
  {
    section: 'options',
    title: 'shouldStore is asked of what would be stored',
    options: {
      shouldStore: ({ url, status, headers }) => !url.endsWith('/no') && status === 200 && !headers['x-no'],
    },
    origin: (run, { url }) => origin({ ...PAGE, ...(url === '/field' && { 'X-No': '1' }) })(run, {} as never),
    steps: [
      { runs: 1, path: '/no', has: { 'cache-status': /detail=should-store/ } },
      { runs: 2, path: '/no' },
      { runs: 3, path: '/field' },
      { runs: 4, path: '/field' },
      { runs: 5, path: '/yes' },
      { runs: 5, path: '/yes', text: 'run 5' },
    ],
  },
  {
    section: 'options',
    title: 'ttl as a function decides for each response that says nothing',
    options: {
      ttl: ({ status, headers }) =>
        headers['x-no'] === undefined ? (status === 404 ? 1_000 : 60_000) : undefined,
    },
    origin: (run, { url }) =>
      origin(url === '/no' ? { 'X-No': '1' } : {}, url === '/missing' ? 404 : 200)(run, {} as never),
    steps: [
      { runs: 1, path: '/' },
      { runs: 2, path: '/missing', status: 404 },
      { runs: 3, path: '/no' },
      { after: 999, runs: 3, path: '/missing', status: 404 },
      { after: 1, runs: 4, path: '/missing', status: 404 },
      { runs: 4, path: '/', text: 'run 1' },
      { runs: 5, path: '/no' },
    ],
  },
  eachStatus('ttl as a function is for every status that can be stored', STATUSES, { ttl: () => 60_000 }),
  eachStatus('ttl as a number is for the statuses of pages alone', OF_PAGES, { ttl: 60_000 }),
  {
    section: 'options',
    title: 'a redirect that says no-cache, and so is not fresh by ttl, is not stored',
    options: { ttl: () => 60_000 },
    origin: origin({ 'Cache-Control': 'no-cache', ETag: '"one"', Location: '/' }, 302),
    steps: [
      { runs: 1, status: 302, has: { 'cache-status': /detail=standard/ } },
      { runs: 2, status: 302 },
    ],
  },
  {
    section: 'options',
    title: 'invalidateQueries lets a POST reach all queries of its path',
    options: { invalidateQueries: true },
    origin: origin(PAGE),
    steps: [
      { runs: 1, path: '/x?p=2' },
      { runs: 2, path: '/x/y?p=2' },
      { after: 1, runs: 3, path: '/x', method: 'POST' },
      { after: 1, runs: 4, path: '/x?p=2' },
      { runs: 4, path: '/x/y?p=2', text: 'run 2' },
    ],
  },
]

/** How requests are told apart, and what applications may say about it. */
export const VARIANT_CASES: readonly Case[] = [
  ...FIELDS,
  ...PUSHING,
  ...QUERIES,
  ...SEARCHES,
  ...NEGOTIATION,
  ...DECISIONS,
]
