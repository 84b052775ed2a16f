import type { OutgoingHttpHeaders } from 'node:http'
import type { HttpCacheOptions } from '../../src/http/index.ts'
import type { OriginRequest, Reply } from './platform.ts'

/** One request, and what is right. */
export interface Step {
  /** Milliseconds that pass before it. */
  readonly after?: number
  readonly method?: string
  readonly path?: string
  readonly headers?: OutgoingHttpHeaders
  /** How often the origin has been asked by then, this request included. */
  readonly runs: number
  readonly status?: number
  readonly text?: string
  /** Fields that the answer has; `undefined`: does not have. */
  readonly has?: Readonly<Record<string, string | RegExp | undefined>>
}

export type Origin = (run: number, request: OriginRequest) => Reply

export interface Case {
  readonly section: string
  readonly title: string
  readonly options?: HttpCacheOptions
  readonly origin: Origin
  readonly steps: readonly Step[]
}

export const SECOND = 1_000

/** Answers with these fields, and with the number of the run. */
export function origin(headers: OutgoingHttpHeaders, status = 200): Origin {
  return (run) => ({ status, headers, body: `run ${run}` })
}

/** Answers with these fields and this body. */
function always(body: string, headers: OutgoingHttpHeaders): Origin {
  return () => ({ headers, body })
}

function stored(
  section: string,
  title: string,
  headers: OutgoingHttpHeaders,
  more: Partial<Case> = {},
): Case {
  const steps = [{ runs: 1 }, { runs: 1, text: 'run 1', has: { age: '0' } }]
  return { section, title, origin: origin(headers), steps, ...more }
}

function notStored(
  section: string,
  title: string,
  headers: OutgoingHttpHeaders,
  more: Partial<Case> = {},
): Case {
  return {
    section,
    title,
    origin: origin(headers),
    steps: [{ runs: 1 }, { runs: 2, has: { age: undefined } }],
    ...more,
  }
}

/** Fresh for so many seconds, and no longer. */
function fresh(title: string, seconds: number, headers: OutgoingHttpHeaders): Case {
  const steps = [
    { runs: 1 },
    { after: seconds * SECOND - 1, runs: 1, has: { age: String(seconds - 1) } },
    { after: 1, runs: 2 },
  ]
  return { section: 'RFC 9111, 4.2', title, origin: origin(headers), steps }
}

const PAGE = { 'Cache-Control': 'public, max-age=60' }
const MODIFIED = 'Sat, 01 Jan 2022 00:00:00 GMT'
const LATER = 'Sun, 02 Jan 2022 00:00:00 GMT'
const EARLIER = 'Fri, 31 Dec 2021 00:00:00 GMT'

const STORING: readonly Case[] = [
  stored('RFC 9111, 3', 'stores what has max-age', { 'Cache-Control': 'max-age=60' }),
  stored('RFC 9111, 3', 'stores what has s-maxage', { 'Cache-Control': 's-maxage=60' }),
  stored('RFC 9111, 3', 'stores a field in capitals and with extensions', {
    'Cache-Control': 'Public,, MAX-AGE=60, community="UCI"',
  }),
  stored('RFC 9111, 5.2', 'reads an argument as a quoted string, too', { 'Cache-Control': 'max-age="60"' }),
  stored('RFC 9111, 5.2', 'reads a field of several lines', { 'Cache-Control': ['public', 'max-age=60'] }),
  notStored('RFC 9111, 3', 'guesses no freshness from Last-Modified', { 'Last-Modified': MODIFIED }),
  notStored('RFC 9111, 3', 'does not store what only says public', { 'Cache-Control': 'public' }),
  ...[203, 300, 301, 302, 307, 308, 404, 405, 410, 414, 501].map((status) =>
    stored(
      'RFC 9110, 15.1',
      `stores ${status} with explicit freshness`,
      {},
      {
        origin: origin(PAGE, status),
        steps: [
          { runs: 1, status },
          { runs: 1, status, text: 'run 1' },
        ],
      },
    ),
  ),
  ...[201, 202, 205, 206, 303, 400, 401, 403, 407, 418, 421, 429, 451, 500, 502, 503, 504, 511].map(
    (status) =>
      notStored(
        'RFC 9110, 15.1',
        `does not store ${status}`,
        {},
        {
          origin: origin(PAGE, status),
          steps: [
            { runs: 1, status },
            { runs: 2, status },
          ],
        },
      ),
  ),
  stored(
    'RFC 9110, 15.1',
    'stores 302 with what it leads to',
    {},
    {
      origin: origin({ ...PAGE, Location: '/elsewhere' }, 302),
      steps: [
        { runs: 1, status: 302 },
        { runs: 1, status: 302, has: { location: '/elsewhere' } },
      ],
    },
  ),
  stored(
    'RFC 9110, 15.3.5',
    'stores 204, which has no body and no length',
    {},
    {
      origin: () => ({ status: 204, headers: PAGE }),
      steps: [
        { runs: 1, status: 204 },
        { runs: 1, status: 204, text: '', has: { age: '0', 'content-length': undefined } },
      ],
    },
  ),
  notStored(
    'RFC 9111, 3',
    'stores no status that it is not told to',
    {},
    {
      options: { statuses: [200] },
      origin: origin(PAGE, 301),
      steps: [
        { runs: 1, status: 301 },
        { runs: 2, status: 301 },
      ],
    },
  ),
  stored(
    'RFC 9111, 3.1',
    'leaves out the fields of proxies, and keeps Proxy-Status',
    {},
    {
      origin: origin({
        ...PAGE,
        'Proxy-Authenticate': 'Basic',
        'Proxy-Authentication-Info': 'nextnonce="a"',
        'Proxy-Authorization': 'Basic YTpi',
        'Proxy-Status': 'proxy; error=connection_timeout',
      }),
      steps: [
        { runs: 1 },
        {
          runs: 1,
          has: {
            'proxy-authenticate': undefined,
            'proxy-authentication-info': undefined,
            'proxy-authorization': undefined,
            'proxy-status': 'proxy; error=connection_timeout',
          },
        },
      ],
    },
  ),
  notStored('RFC 9111, 7.3', 'a field of one user that Connection names is one of one user', {
    ...PAGE,
    Connection: 'Set-Cookie',
    'Set-Cookie': 'sid=1',
  }),
  notStored('RFC 9111, 5.2.1.5', 'no-store of a request', PAGE, {
    steps: [
      { runs: 1, headers: { 'cache-control': 'no-store' } },
      { runs: 2 },
      { runs: 3, headers: { 'cache-control': 'no-store' } },
    ],
  }),
  notStored('RFC 9111, 3.5', 'Authorization', PAGE, {
    steps: [
      { runs: 1, headers: { authorization: 'Basic YTpi' } },
      { runs: 2, headers: { authorization: 'Basic YTpi' } },
      { runs: 3 },
      {
        runs: 4,
        headers: { authorization: 'Basic YTpi' },
        has: { 'cache-status': /fwd=bypass; detail=authorization/ },
      },
    ],
  }),
  ...['public, max-age=60', 's-maxage=60', 'max-age=60, must-revalidate'].map((value) =>
    stored(
      'RFC 9111, 3.5',
      `shares with Authorization what says ${value}, if told to`,
      {},
      {
        options: { shareWithAuthorization: true },
        origin: origin({ 'Cache-Control': value }),
        steps: [
          { runs: 1, headers: { authorization: 'Basic YTpi' } },
          { runs: 1, headers: { authorization: 'Basic Yjph' } },
          { runs: 1 },
        ],
      },
    ),
  ),
  notStored(
    'RFC 9111, 3.5',
    'does not share with Authorization what does not say so',
    {},
    {
      options: { shareWithAuthorization: true },
      origin: origin({ 'Cache-Control': 'max-age=60' }),
      steps: [
        { runs: 1, headers: { authorization: 'Basic YTpi' } },
        { runs: 2 },
        { runs: 3, headers: { authorization: 'Basic YTpi' } },
      ],
    },
  ),
  stored(
    'RFC 9111, 7.3',
    'shares with harmless cookies, if told to',
    {},
    {
      options: { shareWithCookies: ['theme', '_ga'] },
      origin: origin(PAGE),
      steps: [
        { runs: 1, headers: { cookie: 'theme=dark; _ga=1' } },
        { runs: 1, headers: { cookie: '_ga=2' } },
        { runs: 1 },
        { runs: 2, headers: { cookie: '_ga=2; sid=3' } },
      ],
    },
  ),
  notStored(
    'RFC 9111, 3.5',
    'does not share with cookies what does not say so',
    {},
    {
      options: { shareWithCookies: true },
      origin: origin({ 'Cache-Control': 'max-age=60' }),
      steps: [
        { runs: 1, headers: { cookie: 'sid=1' } },
        { runs: 2 },
        { runs: 3, headers: { cookie: 'sid=1' }, has: { 'cache-status': /detail=identity/ } },
        { runs: 3 },
      ],
    },
  ),
  ...['Cookie', 'Authorization', 'X-User-Id'].map((name) =>
    notStored(
      'RFC 9111, 4.1',
      `does not keep a variant for each ${name}`,
      {},
      {
        options: { shareWithCookies: true, shareWithAuthorization: true },
        origin: origin({ ...PAGE, Vary: name }),
        steps: [
          { runs: 1, headers: { [name]: 'a=1' } },
          { runs: 2, headers: { [name]: 'a=1' }, has: { 'cache-status': /detail=vary/ } },
          { runs: 3 },
        ],
      },
    ),
  ),
  stored(
    'RFC 9111, 3.1',
    'keeps no field of the connection, and none that it names',
    {},
    {
      origin: origin({
        ...PAGE,
        Connection: 'close, X-Hop',
        'X-Hop': '1',
        'Keep-Alive': 'timeout=9',
        'Proxy-Connection': 'close',
        'X-End': '2',
      }),
      steps: [
        { runs: 1 },
        { runs: 1, has: { 'x-hop': undefined, 'proxy-connection': undefined, 'x-end': '2' } },
      ],
    },
  ),
  stored(
    'RFC 9111, 3.1',
    'keeps fields that it does not know, and their several values',
    {},
    {
      origin: origin({ ...PAGE, Link: ['</a>; rel=next', '</b>; rel=prev'], 'Content-Type': 'text/x-odd' }),
      steps: [
        { runs: 1 },
        { runs: 1, has: { link: '</a>; rel=next, </b>; rel=prev', 'content-type': 'text/x-odd' } },
      ],
    },
  ),
  notStored(
    'RFC 9111, 3.3',
    'a partial response',
    {},
    {
      origin: origin({ ...PAGE, 'Content-Range': 'bytes 0-4/9' }, 206),
      steps: [
        { runs: 1, status: 206 },
        { runs: 2, status: 206 },
      ],
    },
  ),
  stored(
    'Brief',
    'ttl is for responses that say nothing',
    {},
    {
      options: { ttl: 60 * SECOND },
      origin: origin({}),
      steps: [{ runs: 1 }, { after: 59 * SECOND, runs: 1 }, { after: SECOND, runs: 2 }],
    },
  ),
  stored(
    'Brief',
    'ttl does not prolong what says something',
    {},
    {
      options: { ttl: 60 * SECOND },
      origin: origin({ 'Cache-Control': 'max-age=1' }),
      steps: [{ runs: 1 }, { after: SECOND, runs: 2 }],
    },
  ),
  notStored(
    'Brief',
    'ttl is not for 404',
    {},
    {
      options: { ttl: 60 * SECOND },
      origin: origin({}, 404),
      steps: [
        { runs: 1, status: 404 },
        { runs: 2, status: 404 },
      ],
    },
  ),
]

const KEYS: readonly Case[] = [
  {
    section: 'RFC 9111, 4.1',
    title: 'tells variants apart by the fields that Vary names',
    origin: origin({ ...PAGE, Vary: 'Accept-Language, X-Shade' }),
    steps: [
      { runs: 1, headers: { 'accept-language': 'de' } },
      { runs: 2, headers: { 'accept-language': 'en' }, has: { 'cache-status': /fwd=vary-miss/ } },
      { runs: 2, headers: { 'accept-language': 'de' }, text: 'run 1' },
      { runs: 2, headers: { 'accept-language': 'en' }, text: 'run 2' },
      { runs: 3 },
      { runs: 4, headers: { 'accept-language': '' } },
      { runs: 5, headers: { 'accept-language': 'de', 'x-shade': 'red' } },
    ],
  },
  {
    section: 'RFC 9111, 4.1',
    title: 'passes over white space between members',
    origin: origin({ ...PAGE, Vary: 'accept' }),
    steps: [
      { runs: 1, headers: { accept: 'text/html, image/png' } },
      { runs: 1, headers: { accept: 'text/html ,image/png' } },
    ],
  },
  {
    section: 'RFC 9111, 4.1',
    title: 'forgets what did not say that it varies when another response says so',
    origin: (run, request) =>
      origin({ ...PAGE, ...(request.headers['x-shade'] && { Vary: 'X-Shade' }) })(run, request),
    steps: [
      { runs: 1 },
      { runs: 1, headers: { 'x-shade': 'red' }, text: 'run 1' },
      { after: 60 * SECOND, runs: 2, headers: { 'x-shade': 'red' } },
      { runs: 3, headers: { 'x-shade': 'blue' } },
      { runs: 4 },
      { runs: 4, headers: { 'x-shade': 'red' }, text: 'run 2' },
    ],
  },
  {
    section: 'RFC 9111, 4.1',
    title: 'keeps 16 variants, and drops what is asked for least',
    origin: origin({ ...PAGE, Vary: 'X-Shade' }),
    steps: [
      ...Array.from({ length: 17 }, (_, at) => ({
        runs: at + 1,
        headers: { 'x-shade': String(at) },
        has: { 'cache-status': at < 16 ? /; stored$/ : /fwd=vary-miss; detail=variants$/ },
      })),
      { runs: 17, headers: { 'x-shade': '0' }, text: 'run 1' },
      { after: 5 * SECOND, runs: 18, headers: { 'x-shade': '16' } },
      { after: 5 * SECOND, runs: 19, headers: { 'x-shade': '16' } },
      { runs: 19, headers: { 'x-shade': '16' }, text: 'run 19' },
      { runs: 19, headers: { 'x-shade': '14' }, text: 'run 15' },
      { runs: 20, headers: { 'x-shade': '15' } },
    ],
  },
  {
    section: 'RFC 9111, 2',
    title: 'takes the query as it is',
    origin: origin(PAGE),
    steps: [
      { runs: 1, path: '/?a=1&b=2' },
      { runs: 2, path: '/?b=2&a=1' },
      { runs: 3, path: '/?' },
      { runs: 4, path: '/' },
      { runs: 4, path: '/?a=1&b=2', text: 'run 1' },
    ],
  },
  {
    section: 'RFC 9111, 2',
    title: 'sorts the query when it is told to, and leaves equal names in order',
    options: { query: 'sorted' },
    origin: origin(PAGE),
    steps: [
      { runs: 1, path: '/?b=2&a=1&a=0' },
      { runs: 1, path: '/?a=1&b=2&a=0' },
      { runs: 2, path: '/?a=0&a=1&b=2' },
    ],
  },
  {
    section: 'RFC 9111, 2',
    title: 'leaves hosts alone that are not in the list',
    options: { hosts: ['example.com'] },
    origin: origin(PAGE),
    steps: [
      { runs: 1, headers: { host: 'example.com' } },
      { runs: 1, headers: { host: 'EXAMPLE.com' } },
      { runs: 2, headers: { host: 'example.org' }, has: { 'cache-status': /fwd=bypass; detail=host/ } },
      { runs: 3, headers: { host: 'example.org' } },
    ],
  },
]

const FRESHNESS: readonly Case[] = [
  fresh('max-age', 60, { 'Cache-Control': 'max-age=60' }),
  fresh('s-maxage before max-age', 60, { 'Cache-Control': 'max-age=10, s-maxage=60' }),
  fresh('max-age before Expires', 60, { 'Cache-Control': 'max-age=60', Expires: '0' }),
  fresh('must-revalidate, while it is fresh', 60, { 'Cache-Control': 'max-age=60, must-revalidate' }),
  fresh('proxy-revalidate, while it is fresh', 60, { 'Cache-Control': 'max-age=60, proxy-revalidate' }),
  {
    section: 'RFC 9111, 5.3',
    title: 'Expires, from Date on',
    origin: origin({ Date: MODIFIED, Expires: 'Sat, 01 Jan 2022 00:01:00 GMT', Age: '0' }),
    // It is older than that already.
    steps: [{ runs: 1 }, { runs: 2 }],
  },
  ...['0', '-1', 'never', '2030', 'Sat, 01 Jan 2050 00:00:00', 'Sat, 01 Jan 2050 00:00:00 EST'].map(
    (expires) => ({
      section: 'RFC 9111, 5.3',
      title: `Expires: ${expires} is past`,
      origin: origin({ Expires: expires }),
      steps: [{ runs: 1 }, { runs: 2, has: { 'cache-status': /detail=expired/ } }],
    }),
  ),
  ...['Sun, 02 Jan 2050 00:00:00 GMT', 'Sunday, 02-Jan-50 00:00:00 GMT', 'Sun Jan  2 00:00:00 2050'].map(
    (expires) => ({
      section: 'RFC 9110, 5.6.7',
      title: `takes ${expires} for UTC`,
      origin: origin({ Date: 'Sun, 02 Jan 2050 00:00:00 GMT', Expires: expires }),
      // Not even a minute after its own date.
      steps: [{ runs: 1 }, { runs: 2, has: { 'cache-status': /detail=expired/ } }],
    }),
  ),
  {
    section: 'RFC 9110, 6.6.1',
    title: 'a Date that is none becomes that of the arrival',
    origin: origin({ ...PAGE, Date: 'yesterday' }),
    steps: [{ runs: 1 }, { runs: 1, has: { date: / GMT$/, age: '0' } }],
  },
  {
    section: 'RFC 9111, 5.1',
    title: 'takes the first member of Age, and passes over what is no number',
    origin: (_, { url }) => ({ headers: { ...PAGE, Age: url === '/list' ? ['50', '7'] : '1.5, 50' } }),
    steps: [
      { runs: 1, path: '/list' },
      { runs: 1, path: '/list', has: { age: '50' } },
      { runs: 2 },
      { runs: 2, has: { age: '0' } },
    ],
  },
  {
    section: 'RFC 9111, 1.2.2',
    title: 'takes longer times for 2 ** 31 seconds',
    origin: origin({ 'Cache-Control': `max-age=${'9'.repeat(30)}` }),
    steps: [
      { runs: 1 },
      { after: 60 * SECOND, runs: 1, has: { 'cache-status': `diskcache; hit; ttl=${2 ** 31 - 60}` } },
    ],
  },
  {
    section: 'RFC 9111, 4.2.3',
    title: 'counts the Age that it came with',
    origin: origin({ 'Cache-Control': 'max-age=60', Age: '50' }),
    steps: [{ runs: 1 }, { after: 9 * SECOND, runs: 1, has: { age: '59' } }, { after: SECOND, runs: 2 }],
  },
  {
    section: 'RFC 9111, 4.2.3',
    title: 'keeps the Date that it came with',
    origin: (run, request) =>
      origin({
        'Cache-Control': 'max-age=3600',
        Date: new Date(Date.now() - 10 * SECOND).toUTCString(),
      })(run, request),
    // The clock of the test stands, and that of the origin may have come to the next second.
    steps: [{ runs: 1 }, { after: 5 * SECOND, runs: 1, has: { age: /^1[456]$/ } }],
  },
  {
    section: 'RFC 9111, 4.2.3',
    title: 'what came before the clock was set back is stale, and is replaced',
    origin: origin({ 'Cache-Control': 'max-age=60, stale-while-revalidate=60' }),
    steps: [
      { runs: 1 },
      { after: -600 * SECOND, runs: 2, text: 'run 2', has: { 'cache-status': /fwd=stale; stored/ } },
      { after: 59 * SECOND, runs: 2, has: { age: '59' } },
      { after: -600 * SECOND, runs: 3, headers: { 'cache-control': 'no-cache' } },
      { runs: 3, text: 'run 3', has: { age: '0' } },
    ],
  },
  {
    section: 'RFC 9111, 4.2.3',
    title: 'what came before the clock was set back is validated',
    origin: (run, { headers }) => ({
      status: headers['if-none-match'] === '"one"' ? 304 : 200,
      headers: { 'Cache-Control': 'max-age=60', ETag: '"one"' },
      body: `run ${run}`,
    }),
    steps: [
      { runs: 1 },
      { after: -600 * SECOND, runs: 2, text: 'run 1', has: { age: '0', 'cache-status': /fwd-status=304/ } },
      { after: 59 * SECOND, runs: 2, text: 'run 1', has: { age: '59' } },
    ],
  },
  {
    section: 'RFC 9111, 4.2.3',
    title: 'a clock that is set back by a second changes nothing',
    origin: origin({ 'Cache-Control': 'max-age=60' }),
    steps: [{ runs: 1 }, { after: -SECOND, runs: 1, has: { age: '0' } }, { after: 61 * SECOND, runs: 2 }],
  },
  {
    section: 'RFC 9111, 4.2.4',
    title: 'serves nothing stale by itself',
    origin: origin({ 'Cache-Control': 'max-age=1' }),
    steps: [{ runs: 1 }, { after: SECOND, runs: 2, has: { 'cache-status': /fwd=stale/ } }],
  },
]

const asking = (value: string) => ({ 'cache-control': value })

const REQUEST_DIRECTIVES: readonly Case[] = [
  {
    section: 'RFC 9111, 5.2.1.4',
    title: 'no-cache is answered by the application, whose answer is stored',
    origin: origin(PAGE),
    steps: [
      { runs: 1 },
      { after: 2 * SECOND, runs: 2, headers: asking('no-cache'), has: { 'cache-status': /fwd=request/ } },
      { runs: 2, text: 'run 2' },
    ],
  },
  {
    section: 'RFC 9111, 5.2.1.4',
    title: 'no-cache asks the application at most once a second',
    origin: origin(PAGE),
    steps: [
      { runs: 1 },
      { after: SECOND, runs: 1, headers: asking('no-cache') },
      { after: 1, runs: 2, headers: asking('no-cache') },
    ],
  },
  {
    section: 'RFC 9111, 5.4',
    title: 'Pragma: no-cache, where there is no Cache-Control',
    origin: origin(PAGE),
    steps: [
      { runs: 1 },
      { after: 2 * SECOND, runs: 2, headers: { pragma: 'no-cache' } },
      { after: 2 * SECOND, runs: 2, headers: { pragma: 'no-cache', 'cache-control': 'max-age=60' } },
    ],
  },
  {
    section: 'RFC 9111, 5.2.1.1',
    title: 'max-age refuses what is older',
    origin: origin(PAGE),
    steps: [
      { runs: 1 },
      { after: 10 * SECOND, runs: 1, headers: asking('max-age=10') },
      { after: SECOND, runs: 2, headers: asking('max-age=10') },
      { after: 2 * SECOND, runs: 3, headers: asking('max-age=0') },
    ],
  },
  {
    section: 'RFC 9111, 5.2.1.3',
    title: 'min-fresh refuses what is about to expire',
    origin: origin(PAGE),
    steps: [
      { runs: 1 },
      { after: 10 * SECOND, runs: 1, headers: asking('min-fresh=50') },
      { runs: 2, headers: asking('min-fresh=51') },
    ],
  },
  {
    section: 'RFC 9111, 5.2.1.2',
    title: 'max-stale accepts what has expired',
    origin: origin(PAGE),
    steps: [
      { runs: 1 },
      {
        after: 70 * SECOND,
        runs: 1,
        headers: asking('max-stale=10'),
        has: { 'cache-status': /hit; ttl=-10/ },
      },
      { runs: 1, headers: asking('max-stale') },
      { after: SECOND, runs: 2, headers: asking('max-stale=10') },
    ],
  },
  ...['must-revalidate', 'proxy-revalidate', 's-maxage=60'].map((directive) => ({
    section: 'RFC 9111, 4.2.4',
    title: `max-stale is not for ${directive}`,
    origin: origin({ 'Cache-Control': `max-age=60, stale-if-error=60, ${directive}` }),
    steps: [{ runs: 1 }, { after: 61 * SECOND, runs: 2, headers: asking('max-stale') }],
  })),
  {
    section: 'RFC 9111, 5.2.1.7',
    title: 'only-if-cached does not ask the application',
    origin: origin(PAGE),
    steps: [
      { runs: 0, status: 504, text: '', headers: asking('only-if-cached') },
      { runs: 1 },
      { runs: 1, headers: asking('only-if-cached') },
      { after: 60 * SECOND, runs: 1, status: 504, headers: asking('only-if-cached') },
    ],
  },
  {
    section: 'RFC 9111, 5.2.1',
    title: 'a malformed field asks for what is sure to be right',
    origin: origin(PAGE),
    steps: [{ runs: 1 }, { after: 2 * SECOND, runs: 2, headers: asking('max-age=much') }],
  },
]

const CONDITIONS: readonly Case[] = [
  {
    section: 'RFC 9110, 13.1.2',
    title: 'If-None-Match by weak comparison, in a list, and any',
    origin: origin({ ...PAGE, ETag: 'W/"one"', 'Content-Type': 'text/plain' }),
    steps: [
      { runs: 1 },
      {
        runs: 1,
        status: 304,
        text: '',
        headers: { 'if-none-match': '"one"' },
        has: { etag: 'W/"one"', 'cache-control': PAGE['Cache-Control'], 'content-type': undefined, age: '0' },
      },
      { runs: 1, status: 304, headers: { 'if-none-match': '"two", W/"one"' } },
      { runs: 1, status: 304, headers: { 'if-none-match': '*' } },
      { runs: 1, status: 200, headers: { 'if-none-match': '"two"' } },
      { runs: 1, status: 200, headers: { 'if-none-match': 'one' } },
    ],
  },
  {
    section: 'RFC 9110, 13.1.3',
    title: 'If-Modified-Since, where there is no If-None-Match',
    origin: origin({ ...PAGE, 'Last-Modified': MODIFIED }),
    steps: [
      { runs: 1 },
      { runs: 1, status: 304, headers: { 'if-modified-since': MODIFIED } },
      { runs: 1, status: 304, headers: { 'if-modified-since': LATER } },
      { runs: 1, status: 200, headers: { 'if-modified-since': EARLIER } },
      { runs: 1, status: 200, headers: { 'if-modified-since': 'yesterday' } },
      { runs: 1, status: 200, headers: { 'if-modified-since': LATER, 'if-none-match': '"x"' } },
    ],
  },
  {
    section: 'RFC 9110, 13.2.2',
    title: 'a condition on a cold cache fills it',
    origin: origin({ ...PAGE, ETag: '"one"' }),
    steps: [
      { runs: 1, status: 304, text: '', headers: { 'if-none-match': '"one"' } },
      { runs: 1, status: 200, text: 'run 1' },
    ],
  },
  {
    section: 'RFC 9110, 13.2.2',
    title: 'a condition holds also for what is not stored',
    origin: origin({ ETag: '"one"' }),
    steps: [
      { runs: 1, status: 304, text: '', headers: { 'if-none-match': '"one"' } },
      { runs: 2, status: 200, headers: { 'if-none-match': '"two"' } },
    ],
  },
  {
    section: 'RFC 9110, 8.8.3',
    title: 'a missing ETag is made of the body',
    origin: always('always the same', PAGE),
    steps: [
      { runs: 1, has: { etag: undefined } },
      { runs: 1, has: { etag: /^W\/"[\w-]{27}"$/ } },
      { runs: 1, status: 304, headers: { 'if-none-match': 'W/"gocrZw0ub88PSdurvBZ6lfSYFpj"' } },
    ],
  },
  {
    section: 'RFC 9110, 13.2.1',
    title: 'conditions are for 200 alone',
    origin: origin({ ...PAGE, ETag: '"one"' }, 404),
    steps: [
      { runs: 1, status: 404 },
      { runs: 1, status: 404, headers: { 'if-none-match': '"one"' } },
    ],
  },
  ...['If-Match', 'If-Unmodified-Since'].map((name) => ({
    section: 'RFC 9111, 4.3.2',
    title: `${name} is for the application`,
    origin: origin(PAGE),
    steps: [{ runs: 1 }, { runs: 2, headers: { [name]: '"one"' } }],
  })),
  {
    section: 'RFC 9111, 4',
    title: 'HEAD is answered from what GET has stored',
    origin: origin(PAGE),
    steps: [
      { runs: 1, method: 'HEAD', text: '' },
      { runs: 2 },
      { runs: 2, method: 'HEAD', text: '', has: { 'content-length': '5', age: '0' } },
      { runs: 2, method: 'HEAD', status: 304, headers: { 'if-none-match': '*' } },
    ],
  },
]

const PAGE_WITH_ETAG = { ...PAGE, ETag: '"one"', 'Last-Modified': MODIFIED }

const RANGES: readonly Case[] = [
  {
    section: 'RFC 9110, 14',
    title: 'a part of what is stored',
    origin: always('0123456789', PAGE_WITH_ETAG),
    steps: [
      { runs: 1 },
      {
        runs: 1,
        status: 206,
        text: '23',
        headers: { range: 'bytes=2-3' },
        has: { 'content-range': 'bytes 2-3/10', 'content-length': '2', etag: '"one"' },
      },
      { runs: 1, status: 206, text: '789', headers: { range: 'bytes=7-' } },
      { runs: 1, status: 206, text: '89', headers: { range: 'bytes=-2' } },
      { runs: 1, status: 206, text: '0123456789', headers: { range: 'bytes=-99' } },
      { runs: 1, status: 206, text: '9', headers: { range: 'bytes=9-99' } },
      { runs: 1, status: 200, method: 'HEAD', text: '', headers: { range: 'bytes=2-3' } },
    ],
  },
  {
    section: 'RFC 9110, 15.5.17',
    title: '416 for a part that is not there',
    origin: always('0123456789', PAGE),
    steps: [
      { runs: 1 },
      {
        runs: 1,
        status: 416,
        text: '',
        headers: { range: 'bytes=10-' },
        has: { 'content-range': 'bytes */10' },
      },
      { runs: 1, status: 416, headers: { range: 'bytes=-0' } },
    ],
  },
  {
    section: 'RFC 9110, 14.2',
    title: 'the whole for several parts, other units and malformed fields',
    origin: always('0123456789', PAGE),
    steps: [
      { runs: 1 },
      ...['bytes=0-1,3-4', 'lines=1-2', 'bytes=3-2', 'bytes=', 'bytes=a-b', 'bytes=-'].map((range) => ({
        runs: 1,
        status: 200,
        text: '0123456789',
        headers: { range },
      })),
    ],
  },
  {
    section: 'RFC 9110, 13.1.5',
    title: 'If-Range by strong validators alone',
    origin: always('0123456789', PAGE_WITH_ETAG),
    steps: [
      { runs: 1 },
      { runs: 1, status: 206, headers: { range: 'bytes=0-1', 'if-range': '"one"' } },
      { runs: 1, status: 206, headers: { range: 'bytes=0-1', 'if-range': MODIFIED } },
      { runs: 1, status: 200, headers: { range: 'bytes=0-1', 'if-range': 'W/"one"' } },
      { runs: 1, status: 200, headers: { range: 'bytes=0-1', 'if-range': '"two"' } },
      { runs: 1, status: 200, headers: { range: 'bytes=0-1', 'if-range': LATER } },
      { runs: 1, status: 304, headers: { range: 'bytes=0-1', 'if-none-match': '"one"' } },
    ],
  },
  {
    section: 'RFC 9110, 13.1.5',
    title: 'If-Range of what may have been compressed on the way gives the whole',
    origin: always('0123456789', PAGE_WITH_ETAG),
    steps: [
      { runs: 1 },
      ...['gzip', 'identity, gzip', '*'].map((coding) => ({
        runs: 1,
        status: 200,
        headers: { range: 'bytes=0-1', 'if-range': '"one"', 'accept-encoding': coding },
      })),
      ...['', 'identity', 'identity;q=1, *;q=0'].map((coding) => ({
        runs: 1,
        status: 206,
        headers: { range: 'bytes=0-1', 'if-range': '"one"', 'accept-encoding': coding },
      })),
    ],
  },
  {
    section: 'RFC 9110, 13.1.5',
    title: 'If-Range by a made validator, which is weak, gives the whole',
    origin: always('0123456789', PAGE),
    steps: [
      { runs: 1 },
      {
        runs: 1,
        status: 200,
        headers: { range: 'bytes=0-1', 'if-range': 'W/"hNiYd_DUBB77a_kaFvAkjy_Vc-a"' },
      },
    ],
  },
  {
    section: 'RFC 9110, 14.3',
    title: 'Accept-Ranges as the application has it; without one, that there are parts',
    origin: (_, { url }) => ({
      headers: url === '/none' ? { ...PAGE, 'Accept-Ranges': 'none' } : PAGE,
      body: '0123',
    }),
    steps: [
      { runs: 1 },
      { runs: 1, has: { 'accept-ranges': 'bytes' } },
      { runs: 2, path: '/none' },
      {
        runs: 2,
        path: '/none',
        status: 200,
        headers: { range: 'bytes=0-1' },
        has: { 'accept-ranges': 'none' },
      },
    ],
  },
  {
    section: 'RFC 9111, 3.4',
    title: 'a range on a cold cache is for the application',
    origin: origin(PAGE),
    steps: [
      { runs: 1, headers: { range: 'bytes=0-1' }, has: { 'cache-status': /fwd=uri-miss; detail=range/ } },
      { runs: 2, headers: { range: 'bytes=0-1' } },
      { runs: 3 },
      { runs: 3, status: 206, headers: { range: 'bytes=0-1' } },
    ],
  },
]

/** The origin fails from its second run on. */
function failing(headers: OutgoingHttpHeaders, status = 503): Origin {
  return (run, request) => (run === 1 ? origin(headers) : origin(PAGE, status))(run, request)
}

const STALE: readonly Case[] = [
  {
    section: 'RFC 5861, 3',
    title: 'stale-while-revalidate serves the old one while one new one is fetched',
    origin: origin({ 'Cache-Control': 'max-age=60, stale-while-revalidate=30' }),
    steps: [
      { runs: 1 },
      { after: 89 * SECOND, runs: 2, text: 'run 1', has: { age: '89', 'cache-status': /hit; ttl=-29/ } },
      { runs: 2, text: 'run 2', has: { age: '0' } },
      { after: 90 * SECOND, runs: 3, text: 'run 3' },
    ],
  },
  {
    section: 'RFC 5861, 3',
    title: 'stale-while-revalidate beside s-maxage',
    origin: origin({ 'Cache-Control': 's-maxage=60, stale-while-revalidate=30' }),
    steps: [{ runs: 1 }, { after: 61 * SECOND, runs: 2, text: 'run 1' }, { runs: 2, text: 'run 2' }],
  },
  {
    section: 'RFC 5861, 3',
    title: 'stale-while-revalidate with nothing fresh before it',
    origin: origin({ 'Cache-Control': 'max-age=0, stale-while-revalidate=30' }),
    steps: [{ runs: 1 }, { after: SECOND, runs: 2, text: 'run 1' }, { runs: 3, text: 'run 2' }],
  },
  {
    section: 'RFC 5861, 3',
    title: 'stale-while-revalidate gives way to must-revalidate',
    origin: origin({ 'Cache-Control': 'max-age=60, stale-while-revalidate=30, must-revalidate' }),
    steps: [{ runs: 1 }, { after: 60 * SECOND, runs: 2, text: 'run 2' }],
  },
  {
    section: 'RFC 5861, 3',
    title: 'stale-while-revalidate serves HEAD, and fetches with GET',
    origin: origin({ 'Cache-Control': 'max-age=60, stale-while-revalidate=30' }),
    steps: [{ runs: 1 }, { after: 61 * SECOND, runs: 2, method: 'HEAD' }, { runs: 2, text: 'run 2' }],
  },
  {
    section: 'RFC 5861, 3',
    title: 'stale-while-revalidate by an option',
    options: { ttl: 60 * SECOND, staleWhileRevalidate: 30 * SECOND },
    origin: origin({}),
    steps: [{ runs: 1 }, { after: 61 * SECOND, runs: 2, text: 'run 1' }, { runs: 2, text: 'run 2' }],
  },
  {
    section: 'RFC 5861, 4',
    title: 'a failure in the background changes nothing',
    origin: failing({ 'Cache-Control': 'max-age=60, stale-while-revalidate=30' }),
    steps: [{ runs: 1 }, { after: 61 * SECOND, runs: 2, text: 'run 1' }, { runs: 2, text: 'run 1' }],
  },
  ...[500, 502, 503, 504].map((status) => ({
    section: 'RFC 5861, 4',
    title: `stale-if-error serves the old one instead of ${status}`,
    origin: failing({ 'Cache-Control': 'max-age=60, stale-if-error=30', 'X-Mark': 'old' }, status),
    steps: [
      { runs: 1 },
      {
        after: 89 * SECOND,
        runs: 2,
        status: 200,
        text: 'run 1',
        has: {
          'x-mark': 'old',
          age: '89',
          'cache-status': new RegExp(`fwd=stale; fwd-status=${status}; ttl=-29`),
        },
      },
      { after: SECOND, runs: 3, status },
    ],
  })),
  {
    section: 'RFC 5861, 4',
    title: 'stale-if-error does not stand in for what is no failure',
    origin: failing({ 'Cache-Control': 'max-age=60, stale-if-error=30' }, 404),
    steps: [{ runs: 1 }, { after: 61 * SECOND, runs: 2, status: 404 }],
  },
  {
    section: 'RFC 5861, 4',
    title: 'stale-if-error when the handler throws, and by an option',
    options: { ttl: 60 * SECOND, staleIfError: 30 * SECOND },
    origin: (run, request) => {
      if (run > 1) throw new Error('it fails')
      return origin({})(run, request)
    },
    steps: [{ runs: 1 }, { after: 61 * SECOND, runs: 2, status: 200, text: 'run 1' }],
  },
  {
    section: 'RFC 5861, 4',
    title: 'stale-if-error answers conditions and ranges',
    origin: failing({ 'Cache-Control': 'max-age=60, stale-if-error=30', ETag: '"one"' }),
    steps: [{ runs: 1 }, { after: 61 * SECOND, runs: 2, status: 304, headers: { 'if-none-match': '"one"' } }],
  },
]

const INVALIDATION: readonly Case[] = [
  ...['POST', 'PUT', 'PATCH', 'DELETE', 'LINK'].map((method) => ({
    section: 'RFC 9111, 4.4',
    title: `${method} that succeeds invalidates its URL`,
    origin: origin(PAGE),
    steps: [
      { runs: 1 },
      { after: 1, method, runs: 2 },
      { after: 1, runs: 3, has: { 'cache-status': /fwd=uri-miss/ } },
      { runs: 3 },
    ],
  })),
  {
    section: 'RFC 9111, 4.4',
    title: 'a failure invalidates nothing',
    origin: (run, request) => origin(PAGE, request.method === 'GET' ? 200 : 409)(run, request),
    steps: [{ runs: 1 }, { method: 'POST', status: 409, runs: 2 }, { runs: 2 }],
  },
  ...['OPTIONS', 'TRACE', 'PROPFIND'].map((method) => ({
    section: 'RFC 9111, 4.4',
    title: `${method} invalidates nothing`,
    origin: origin(PAGE),
    steps: [{ runs: 1 }, { method, runs: 2 }, { runs: 2, text: 'run 1' }],
  })),
  ...['Location', 'Content-Location'].map((name) => ({
    section: 'RFC 9111, 4.4',
    title: `${name} is not invalidated: who chooses it would choose what all wait for`,
    origin: ((run, request) =>
      origin({ ...PAGE, ...(request.method === 'POST' && { [name]: '/a' }) })(run, request)) as Origin,
    steps: [
      { runs: 1, path: '/a' },
      { after: 1, runs: 2, path: '/there', method: 'POST' },
      { after: 1, runs: 2, path: '/a', text: 'run 1' },
    ],
  })),
]

const STATUS: readonly Case[] = [
  {
    section: 'RFC 9211, 2',
    title: 'Cache-Status says what was done, after what others said',
    origin: origin({ ...PAGE, 'Cache-Status': 'origin; hit' }),
    steps: [
      { runs: 1, has: { 'cache-status': 'origin; hit, diskcache; fwd=uri-miss; stored' } },
      { runs: 1, has: { 'cache-status': 'origin; hit, diskcache; hit; ttl=60' } },
      {
        after: 1,
        runs: 2,
        method: 'POST',
        has: { 'cache-status': /diskcache; fwd=method; detail=post|origin/ },
      },
    ],
  },
  {
    section: 'RFC 9211, 2.2',
    title: 'Cache-Status says why something was not stored',
    origin: origin({ 'Cache-Control': 'private' }),
    steps: [{ runs: 1, has: { 'cache-status': 'diskcache; fwd=uri-miss; detail=private' } }],
  },
  {
    section: 'RFC 9211, 2.2',
    title: 'Cache-Status says why a request went past the cache',
    origin: origin({}),
    steps: [
      {
        runs: 1,
        headers: { cookie: 'a=1' },
        has: { 'cache-status': 'diskcache; fwd=bypass; detail=cookie' },
      },
      { runs: 2, method: 'OPTIONS', has: { 'cache-status': 'diskcache; fwd=method' } },
      { runs: 3, method: 'DELETE', has: { 'cache-status': 'diskcache; fwd=method; detail=delete' } },
    ],
  },
  {
    section: 'RFC 9111, 5.5',
    title: 'Warning is not made',
    origin: origin({ 'Cache-Control': 'max-age=60, stale-if-error=60' }),
    steps: [
      { runs: 1 },
      { after: 61 * SECOND, runs: 1, headers: { 'cache-control': 'max-stale' }, has: { warning: undefined } },
    ],
  },
]

export const CASES: readonly Case[] = [
  ...STORING,
  ...KEYS,
  ...FRESHNESS,
  ...REQUEST_DIRECTIVES,
  ...CONDITIONS,
  ...RANGES,
  ...STALE,
  ...INVALIDATION,
  ...STATUS,
]
