import { type Case, origin, SECOND, type Step } from './conformance-cases.ts'
import type { Reply } from './platform.ts'

const PAGE = { 'Cache-Control': 'public, max-age=60' }
const MODIFIED = 'Sat, 01 Jan 2022 00:00:00 GMT'
const LATER = 'Sun, 02 Jan 2022 00:00:00 GMT'
/** A date to which no test comes. */
const FAR = 'Sun, 02 Jan 2050 00:00:00 GMT'

/** What says this is asked for each time. */
function refused(section: string, title: string, headers: Record<string, string | string[]>): Case {
  return { section, title, origin: origin(headers), steps: [{ runs: 1 }, { runs: 2, text: 'run 2' }] }
}

/** What says this is the answer to the second request as well. */
function kept(section: string, title: string, headers: Record<string, string | string[]>): Case {
  return { section, title, origin: origin(headers), steps: [{ runs: 1 }, { runs: 1, text: 'run 1' }] }
}

const STORING: readonly Case[] = [
  ...['no-store', 'private', 'private="X-Mark"', 'NO-STORE', 'private, no-store'].map((directive) =>
    refused('RFC 9111, 3', `does not store what says ${directive}, whatever stands beside it`, {
      'Cache-Control': `public, max-age=60, s-maxage=60, ${directive}`,
      Expires: FAR,
    }),
  ),
  {
    section: 'RFC 9111, 3',
    title: 'stores no answer to another method, though it says how long it is fresh',
    origin: origin({ ...PAGE, 'Content-Location': '/' }),
    steps: [
      { method: 'POST', runs: 1 },
      { method: 'PUT', runs: 2 },
      { method: 'OPTIONS', runs: 3 },
      { method: 'OPTIONS', runs: 4, has: { age: undefined } },
      { after: 1, runs: 5 },
      { runs: 5, text: 'run 5' },
    ],
  },
  {
    section: 'RFC 9111, 3',
    title: 'stores no 304 that the application answers by itself',
    origin: (run) => (run === 1 ? { status: 304, headers: PAGE } : { headers: PAGE, body: `run ${run}` }),
    steps: [
      { runs: 1, status: 304 },
      { runs: 2, text: 'run 2' },
    ],
  },
  {
    section: 'RFC 9111, 3.1',
    title: 'keeps what caches before it say, and Warning as any field',
    origin: origin({ ...PAGE, 'Cache-Status': 'origin; hit', Warning: '199 - "old"' }),
    steps: [
      { runs: 1 },
      { runs: 1, has: { 'cache-status': 'origin; hit, diskcache; hit; ttl=60', warning: '199 - "old"' } },
      { runs: 1, has: { 'cache-status': 'origin; hit, diskcache; hit; ttl=60' } },
    ],
  },
  {
    section: 'RFC 9111, 5.2',
    title: 'hands directives on in both directions, also those that it does not know',
    origin: (_, { headers }) => ({
      headers: { 'Cache-Control': 'max-age=60, no-transform, community="UCI"' },
      body: headers['cache-control'],
    }),
    steps: [0, 1].map(() => ({
      runs: 1,
      text: 'max-age=9, no-transform, odd="1"',
      headers: { 'cache-control': 'max-age=9, no-transform, odd="1"' },
      has: { 'cache-control': 'max-age=60, no-transform, community="UCI"' },
    })),
  },
]

const CHOOSING: readonly Case[] = [
  ...['*', 'Accept, *'].map((vary) =>
    refused('RFC 9111, 4.1', `Vary: ${vary} fits no request`, { ...PAGE, Vary: vary }),
  ),
  {
    section: 'RFC 9111, 4.1',
    title: 'an absent field fits where it was absent alone, and names are of any case',
    origin: origin({ ...PAGE, Vary: ', ACCEPT-language,, x-Shade' }),
    steps: [
      { runs: 1, headers: { 'x-shade': 'red' } },
      { runs: 2 },
      { runs: 2, headers: { 'X-SHADE': 'red' }, text: 'run 1' },
      { runs: 2, text: 'run 2' },
    ],
  },
  {
    section: 'RFC 9111, 4',
    title: 'a response is for its URL alone',
    origin: origin(PAGE),
    steps: [
      { runs: 1, path: '/a', headers: { host: 'one.example' } },
      { runs: 2, path: '/a', headers: { host: 'two.example' } },
      { runs: 3, path: '/A', headers: { host: 'one.example' } },
      { runs: 4, path: '/a/', headers: { host: 'one.example' } },
      { runs: 4, path: '/a', headers: { host: 'ONE.example' }, text: 'run 1' },
    ],
  },
  {
    section: 'RFC 9111, 4',
    title: 'an Age that came is replaced, also in a part and in a 304',
    origin: origin({ ...PAGE, ETag: '"one"', Age: '5' }),
    steps: [
      { runs: 1 },
      { after: 10 * SECOND, runs: 1, has: { age: '15' } },
      { runs: 1, status: 206, headers: { range: 'bytes=0-1' }, has: { age: '15' } },
      { runs: 1, status: 304, headers: { 'if-none-match': '"one"' }, has: { age: '15' } },
    ],
  },
  {
    section: 'RFC 9111, 4',
    title: 'an unsafe request is answered by the application alone',
    origin: origin(PAGE),
    steps: [
      { runs: 1 },
      ...['POST', 'PUT', 'DELETE', 'PATCH'].map(
        (method, at): Step => ({ method, runs: at + 2, text: `run ${at + 2}`, has: { age: undefined } }),
      ),
    ],
  },
]

const FRESHNESS: readonly Case[] = [
  ...['max-age=1.5', 'max-age=-1', 'max-age=', 'max-age', 'max-age="60', 'max-age=60, max-age=90'].map(
    (value) => refused('RFC 9111, 4.2.1', `${value} makes nothing fresh`, { 'Cache-Control': value }),
  ),
  refused('RFC 9111, 4.2.1', 'of two Expires neither counts', { Expires: [FAR, FAR] }),
  kept('RFC 9111, 4.2', 'a date is of any case', { Expires: FAR.toLowerCase() }),
  refused('RFC 9110, 5.6.7', 'a year of two digits is not more than 50 years ahead', {
    Expires: 'Saturday, 02-Jan-99 00:00:00 GMT',
  }),
  refused('RFC 9111, 5.3', 'where max-age counts, Expires does not', {
    'Cache-Control': 'max-age=0',
    Expires: FAR,
  }),
  refused('RFC 9111, 5.3', 'where s-maxage counts, neither max-age nor Expires does', {
    'Cache-Control': 'max-age=60, s-maxage=0',
    Expires: FAR,
  }),
  {
    section: 'RFC 9110, 6.6.1',
    title: 'an answer without Date has that of its arrival, and keeps it',
    origin: origin(PAGE),
    steps: [{ runs: 1 }, { after: 10 * SECOND, runs: 1, has: { date: / GMT$/, age: '10' } }],
  },
]

const CONDITIONS: readonly Case[] = [
  ...[203, 204].map((status) => ({
    section: 'RFC 9110, 13.2.1',
    title: `conditions are for ${status} as for 200`,
    origin: (): Reply => ({ status, headers: { ...PAGE, ETag: '"one"' } }),
    steps: [
      { runs: 1, status },
      { runs: 1, status: 304, headers: { 'if-none-match': '"one"' } },
      { runs: 1, status, headers: { 'if-none-match': '"two"' } },
      { runs: 2, path: '/cold', status: 304, headers: { 'if-none-match': '"one"' } },
    ],
  })),
  {
    section: 'RFC 9110, 13.1.3',
    title: 'If-Modified-Since in each form of a date, and with one date alone',
    origin: origin({ ...PAGE, 'Last-Modified': MODIFIED }),
    steps: [
      { runs: 1 },
      { runs: 1, status: 304, headers: { 'if-modified-since': 'Sunday, 02-Jan-22 00:00:00 GMT' } },
      { runs: 1, status: 304, headers: { 'if-modified-since': 'Sun Jan  2 00:00:00 2022' } },
      { runs: 1, status: 200, headers: { 'if-modified-since': `${LATER}, ${LATER}` } },
    ],
  },
  {
    section: 'RFC 9111, 4.3.2',
    title: 'If-Modified-Since goes by Date where there is no Last-Modified',
    origin: origin({ 'Cache-Control': 'max-age=1000000000', Date: MODIFIED }),
    steps: [
      { runs: 1 },
      { runs: 1, status: 304, headers: { 'if-modified-since': MODIFIED } },
      { runs: 1, status: 304, headers: { 'if-modified-since': LATER } },
      { runs: 1, status: 200, headers: { 'if-modified-since': 'Fri, 31 Dec 2021 23:59:59 GMT' } },
    ],
  },
  {
    section: 'RFC 9110, 5.6.1',
    title: 'a list of entity tags may have empty members',
    origin: origin({ ...PAGE, ETag: '"one"' }),
    steps: [{ runs: 1 }, { runs: 1, status: 304, headers: { 'if-none-match': ', "two",, "one"' } }],
  },
  {
    section: 'RFC 9110, 15.4.5',
    title: 'a 304 has the fields by which caches go, and none of the body',
    origin: origin({
      ...PAGE,
      ...{ ETag: '"one"', Vary: 'X-Shade', 'Content-Location': '/page', Expires: FAR },
      ...{ 'Content-Type': 'text/plain', 'Content-Language': 'en' },
    }),
    steps: [
      { runs: 1 },
      {
        runs: 1,
        status: 304,
        text: '',
        headers: { 'if-none-match': '"one"' },
        has: {
          ...{ 'cache-control': PAGE['Cache-Control'], etag: '"one"', vary: /X-Shade/, date: / GMT$/ },
          ...{ 'content-location': '/page', expires: FAR },
          ...{ 'content-type': undefined, 'content-language': undefined, 'content-encoding': undefined },
        },
      },
    ],
  },
  {
    section: 'RFC 9111, 4.3.4',
    title: 'a 304 with another Last-Modified updates nothing',
    origin: (run, { headers: { 'if-modified-since': since } }) =>
      since === undefined
        ? { headers: { 'Cache-Control': 'max-age=60', 'Last-Modified': MODIFIED }, body: `run ${run}` }
        : { status: 304, headers: { 'Cache-Control': 'max-age=60', 'Last-Modified': LATER } },
    steps: [
      { runs: 1 },
      { after: 60 * SECOND, runs: 2, text: 'run 1', has: { 'last-modified': MODIFIED } },
      { runs: 3, text: 'run 3' },
    ],
  },
]

const RANGES: readonly Case[] = [
  {
    section: 'RFC 9110, 15.3.7',
    title: 'a part has the fields that the whole has',
    origin: (): Reply => ({
      headers: {
        ...PAGE,
        ...{ ETag: '"one"', Vary: 'X-Shade', 'Content-Location': '/page', Expires: FAR },
        'Content-Type': 'text/plain',
      },
      body: '0123456789',
    }),
    steps: [
      { runs: 1 },
      {
        runs: 1,
        status: 206,
        text: '01',
        headers: { range: 'bytes=0-1' },
        has: {
          ...{ 'cache-control': PAGE['Cache-Control'], etag: '"one"', vary: /X-Shade/, date: / GMT$/ },
          ...{ 'content-location': '/page', expires: FAR, 'content-type': /^text\/plain/ },
          'content-range': 'bytes 0-1/10',
        },
      },
    ],
  },
  {
    section: 'RFC 9110, 14.2',
    title: 'a range counts where the answer would be 200 alone',
    origin: origin(PAGE, 404),
    steps: [
      { runs: 1, status: 404 },
      {
        runs: 1,
        status: 404,
        text: 'run 1',
        headers: { range: 'bytes=0-1' },
        has: { 'content-range': undefined },
      },
    ],
  },
  {
    section: 'RFC 9110, 13.1.5',
    title: 'If-Range needs a range, and a date well before that of the answer',
    origin: origin({ 'Cache-Control': 'max-age=1000000000', Date: MODIFIED, 'Last-Modified': MODIFIED }),
    steps: [
      { runs: 1 },
      { runs: 1, status: 200, text: 'run 1', headers: { 'if-range': '"two"' } },
      { runs: 1, status: 200, headers: { range: 'bytes=0-1', 'if-range': MODIFIED } },
    ],
  },
]

const INVALIDATION: readonly Case[] = [
  {
    section: 'RFC 9111, 4.4',
    title: 'an unsafe request that leads elsewhere invalidates its URL, too',
    origin: (run, request) =>
      request.method === 'POST'
        ? { status: 303, headers: { Location: '/done' } }
        : { headers: PAGE, body: `run ${run}` },
    steps: [{ runs: 1 }, { after: 1, method: 'POST', status: 303, runs: 2 }, { after: 1, runs: 3 }],
  },
]

const STATUS: readonly Case[] = [
  {
    section: 'RFC 9211, 2.1',
    title: 'a part and a 304 from what is stored are hits',
    origin: origin({ ...PAGE, ETag: '"one"' }),
    steps: [
      { runs: 1 },
      ...[{ range: 'bytes=0-1' }, { 'if-none-match': '"one"' }].map(
        (headers, at): Step => ({
          ...{ runs: 1, headers, status: [206, 304][at] as number },
          has: { 'cache-status': 'diskcache; hit; ttl=60' },
        }),
      ),
    ],
  },
  {
    section: 'RFC 9211, 2.4',
    title: 'the time that is left may have come with the response, and be over',
    origin: origin({ 'Cache-Control': 'max-age=60, stale-if-error=60', Age: '10' }),
    steps: [
      { runs: 1 },
      { after: 5 * SECOND, runs: 1, has: { 'cache-status': 'diskcache; hit; ttl=45' } },
      {
        after: 50 * SECOND,
        runs: 1,
        headers: { 'cache-control': 'max-stale' },
        has: { 'cache-status': 'diskcache; hit; ttl=-5' },
      },
    ],
  },
]

/** A targeted field that says this beside a `Cache-Control` that would have the response stored. */
function targeted(directive: string, more: Record<string, string>, steps: readonly Step[]): Case {
  return {
    section: 'RFC 9213, 2.2',
    title: `CDN-Cache-Control: ${directive} means what it means in Cache-Control`,
    options: { cdnCacheControl: true },
    origin: (run, request) =>
      request.headers['if-none-match'] === '"one"'
        ? { status: 304, headers: { 'CDN-Cache-Control': directive, ...more } }
        : { headers: { 'CDN-Cache-Control': directive, ...PAGE, ...more }, body: `run ${run}` },
    steps,
  }
}

const TARGETED: readonly Case[] = [
  targeted('private, max-age=60', {}, [{ runs: 1 }, { runs: 2, text: 'run 2' }]),
  targeted('no-cache', {}, [{ runs: 1 }, { runs: 2, text: 'run 2' }]),
  targeted('no-cache, max-age=60', { ETag: '"one"' }, [{ runs: 1 }, { runs: 2, text: 'run 1' }]),
  targeted('max-age=60, must-revalidate, stale-if-error=60', {}, [
    { runs: 1 },
    { after: 60 * SECOND, runs: 2, headers: { 'cache-control': 'max-stale' }, text: 'run 2' },
  ]),
  {
    section: 'RFC 9213, 2.2',
    title: 'a field with another target changes nothing, and is handed on',
    options: { cdnCacheControl: true },
    origin: origin({ ...PAGE, 'Example-Cache-Control': 'no-store', 'Surrogate-Control': 'no-store' }),
    steps: [0, 1].map(() => ({
      runs: 1,
      text: 'run 1',
      has: { 'example-cache-control': 'no-store', 'surrogate-control': 'no-store' },
    })),
  },
]

/** What the standards ask of a cache beside the cases of the other files: each case names its section. */
export const STANDARD: readonly Case[] = [
  ...STORING,
  ...CHOOSING,
  ...FRESHNESS,
  ...CONDITIONS,
  ...RANGES,
  ...INVALIDATION,
  ...STATUS,
  ...TARGETED,
]
