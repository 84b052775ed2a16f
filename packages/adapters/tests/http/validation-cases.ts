import type { OutgoingHttpHeaders } from 'node:http'
import { type Case, type Origin, SECOND } from './conformance-cases.ts'

const MODIFIED = 'Sat, 01 Jan 2022 00:00:00 GMT'
const PAGE = { 'Cache-Control': 'max-age=60', ETag: '"one"' }

/** Answers with these fields and the number of the run, and with 304 and `renewed` where a request has the first of them. */
function validating(headers: OutgoingHttpHeaders, renewed: OutgoingHttpHeaders = headers): Origin {
  const etag = headers.ETag as string | undefined
  return (run, request) => {
    const { 'if-none-match': tag, 'if-modified-since': since } = request.headers
    const isKnown = etag === undefined ? since === headers['Last-Modified'] : tag === etag
    return isKnown ? { status: 304, headers: renewed } : { headers, body: `run ${run}` }
  }
}

/** Answers with what the application gets of the conditions, and never with 304. */
function telling(headers: OutgoingHttpHeaders): Origin {
  return (_, { headers: { 'if-none-match': tag, 'if-modified-since': since } }) => ({
    headers,
    body: `${tag} ${since}`,
  })
}

const FRESH_ANEW = /^diskcache; fwd=stale; fwd-status=304; ttl=60$/

/** How the application is asked. */
const ASKING: readonly Case[] = [
  {
    section: 'RFC 9111, 4.3.1',
    title: 'a stale response is validated by both of its validators',
    origin: telling({ ...PAGE, 'Last-Modified': MODIFIED }),
    steps: [
      { runs: 1, text: 'undefined undefined' },
      {
        after: 60 * SECOND,
        runs: 2,
        text: `"one" ${MODIFIED}`,
        has: { 'cache-status': /fwd=stale; stored/ },
      },
      { runs: 2, text: `"one" ${MODIFIED}` },
    ],
  },
  {
    section: 'RFC 9111, 4.3.1',
    title: 'a validator that the cache made is nothing to the application',
    origin: telling({ 'Cache-Control': 'max-age=60, stale-if-error=60', 'Last-Modified': MODIFIED }),
    steps: [{ runs: 1 }, { after: 60 * SECOND, runs: 2, text: `undefined ${MODIFIED}` }],
  },
  {
    section: 'RFC 9111, 4.3.1',
    title: 'what has no validator is asked for without a condition',
    origin: telling({ 'Cache-Control': 'max-age=60, stale-if-error=60' }),
    steps: [{ runs: 1 }, { after: 60 * SECOND, runs: 2, text: 'undefined undefined' }],
  },
  {
    section: 'RFC 9111, 4.3.2',
    title: 'a condition of the client is judged by the cache, and not sent on',
    origin: telling(PAGE),
    steps: [
      {
        runs: 1,
        headers: { 'if-none-match': '"two"', 'if-modified-since': MODIFIED },
        text: 'undefined undefined',
      },
      { after: 60 * SECOND, runs: 2, headers: { 'if-none-match': '"two"' }, text: '"one" undefined' },
    ],
  },
  {
    section: 'RFC 9111, 5.2.1.4',
    title: 'no-cache of a request has a fresh response validated',
    origin: validating(PAGE),
    steps: [
      { runs: 1 },
      {
        after: 2 * SECOND,
        runs: 2,
        text: 'run 1',
        headers: { 'cache-control': 'no-cache' },
        has: { 'cache-status': /fwd=request; fwd-status=304; ttl=60/ },
      },
    ],
  },
]

/** What a 304 makes of the stored response. */
const FRESHENING: readonly Case[] = [
  {
    section: 'RFC 9111, 4.3.4',
    title: 'a 304 makes a response fresh anew',
    origin: validating(PAGE),
    steps: [
      { runs: 1 },
      {
        after: 60 * SECOND,
        runs: 2,
        text: 'run 1',
        has: { etag: '"one"', age: '0', 'cache-status': FRESH_ANEW },
      },
      {
        after: 59 * SECOND,
        runs: 2,
        text: 'run 1',
        has: { age: '59', 'cache-status': 'diskcache; hit; ttl=1' },
      },
      { after: SECOND, runs: 3, text: 'run 1', has: { 'cache-status': FRESH_ANEW } },
    ],
  },
  {
    section: 'RFC 9111, 4.3.4',
    title: 'a 304 by Last-Modified alone',
    origin: validating({ 'Cache-Control': 'max-age=60', 'Last-Modified': MODIFIED }),
    steps: [{ runs: 1 }, { after: 60 * SECOND, runs: 2, text: 'run 1' }, { runs: 2, text: 'run 1' }],
  },
  {
    section: 'RFC 9111, 3.2',
    title: 'a 304 replaces the fields that it has, and leaves the others',
    origin: validating(
      { ...PAGE, 'X-Old': '1', 'X-Both': '1' },
      { ...PAGE, 'X-Both': ['2', '3'], 'X-New': '2' },
    ),
    steps: [
      { runs: 1 },
      { after: 60 * SECOND, runs: 2, has: { 'x-old': '1', 'x-both': '2, 3', 'x-new': '2' } },
      { runs: 2, text: 'run 1', has: { 'x-old': '1', 'x-both': '2, 3', 'x-new': '2' } },
    ],
  },
  {
    section: 'RFC 9111, 3.2',
    title: 'a 304 changes neither the length nor the coding of what is stored',
    origin: validating(PAGE, {
      ...PAGE,
      'Content-Length': '99',
      'Content-Encoding': 'gzip',
      'Content-Range': 'bytes 0-1/2',
    }),
    steps: [
      { runs: 1 },
      ...[60 * SECOND, 0].map((after) => ({
        ...{ after, runs: 2, text: 'run 1' },
        has: { 'content-length': '5', 'content-encoding': undefined, 'content-range': undefined },
      })),
    ],
  },
  {
    section: 'RFC 9111, 3.1',
    title: 'of a 304 no field of the connection is kept',
    origin: validating(PAGE, { ...PAGE, Connection: 'close, X-Hop', 'X-Hop': '1' }),
    steps: [{ runs: 1 }, { after: 60 * SECOND, runs: 2 }, { runs: 2, has: { 'x-hop': undefined } }],
  },
  {
    section: 'RFC 9111, 4.2.3',
    title: 'the Age of a 304 counts',
    origin: validating(PAGE, { ...PAGE, Age: '50' }),
    steps: [
      { runs: 1 },
      { after: 60 * SECOND, runs: 2, has: { age: '50' } },
      { after: 10 * SECOND, runs: 3 },
    ],
  },
  {
    section: 'RFC 9111, 4.3.4',
    title: 'a 304 with another strong validator updates nothing',
    origin: validating(PAGE, { ...PAGE, ETag: '"two"', 'X-New': '2' }),
    steps: [
      { runs: 1 },
      { after: 60 * SECOND, runs: 2, text: 'run 1', has: { etag: '"one"' } },
      { runs: 3, has: { 'x-new': undefined } },
    ],
  },
  {
    section: 'RFC 9111, 4.3.4',
    title: 'a 304 with a weak validator confirms the same opaque tag',
    origin: validating(PAGE, { ...PAGE, ETag: 'W/"one"' }),
    steps: [
      { runs: 1 },
      { after: 60 * SECOND, runs: 2, text: 'run 1' },
      { runs: 2, has: { etag: 'W/"one"' } },
    ],
  },
  {
    section: 'RFC 9111, 4.3.3',
    title: 'a whole answer takes the place of what is stored',
    origin: (run) => ({ headers: { ...PAGE, ETag: `"${run}"` }, body: `run ${run}` }),
    steps: [{ runs: 1 }, { after: 60 * SECOND, runs: 2, text: 'run 2' }, { runs: 2, text: 'run 2' }],
  },
  ...['private', 'no-store'].map((directive) => ({
    section: 'RFC 9111, 3',
    title: `a 304 that says ${directive} makes nothing fresh`,
    origin: validating(PAGE, { ...PAGE, 'Cache-Control': `${directive}, max-age=60` }),
    steps: [
      { runs: 1 },
      {
        after: 60 * SECOND,
        runs: 2,
        text: 'run 1',
        has: { 'cache-status': new RegExp(`detail=${directive}`) },
      },
      { runs: 3 },
    ],
  })),
  {
    section: 'RFC 9111, 7.3',
    title: 'a cookie on a 304 reaches its client, and no other',
    origin: validating(PAGE, { ...PAGE, 'Set-Cookie': 'sid=1' }),
    steps: [
      { runs: 1 },
      { after: 60 * SECOND, runs: 2, has: { 'set-cookie': ['sid=1'] as never } },
      { runs: 3 },
    ],
  },
  {
    section: 'RFC 9111, 4.1',
    title: 'a 304 that selects by further fields makes nothing fresh',
    origin: validating(PAGE, { ...PAGE, Vary: 'X-Shade' }),
    steps: [
      { runs: 1 },
      { after: 60 * SECOND, runs: 2, text: 'run 1' },
      { runs: 3, text: 'run 3' },
      { runs: 3, text: 'run 3' },
    ],
  },
]

/** What clients get of it. */
const CLIENTS: readonly Case[] = [
  {
    section: 'RFC 9111, 4.3.2',
    title: 'a client that has the validated response gets a 304, and one that has another the whole',
    origin: validating(PAGE),
    steps: [
      { runs: 1 },
      { after: 60 * SECOND, runs: 2, status: 304, text: '', headers: { 'if-none-match': '"one"' } },
      { after: 60 * SECOND, runs: 3, status: 200, text: 'run 1', headers: { 'if-none-match': '"two"' } },
    ],
  },
  {
    section: 'RFC 9110, 13.2.1',
    title: 'a stored response that is no 200 is validated, too',
    origin: (run, request) =>
      request.headers['if-none-match'] === '"one"'
        ? { status: 304, headers: PAGE }
        : { status: 404, headers: PAGE, body: `run ${run}` },
    steps: [
      { runs: 1, status: 404 },
      { after: 60 * SECOND, runs: 2, status: 404, text: 'run 1' },
      { runs: 2, status: 404, text: 'run 1' },
    ],
  },
  {
    section: 'RFC 9111, 4.3.3',
    title: 'a failure of the application is passed on where nothing may be stale',
    origin: (run) => (run === 1 ? { headers: PAGE, body: 'page' } : { status: 503 }),
    steps: [{ runs: 1 }, { after: 60 * SECOND, runs: 2, status: 503 }],
  },
  {
    section: 'RFC 5861, 3',
    title: 'stale-while-revalidate validates in the background',
    origin: validating({ ...PAGE, 'Cache-Control': 'max-age=60, stale-while-revalidate=60' }),
    steps: [
      { runs: 1 },
      { after: 60 * SECOND, runs: 2, text: 'run 1', has: { 'cache-status': /hit; ttl=0/ } },
      { after: SECOND, runs: 2, text: 'run 1', has: { age: '1' } },
    ],
  },
  {
    section: 'RFC 9111, 3.5',
    title: 'who asks by name validates nothing that is not shared',
    options: { shareWithAuthorization: true },
    origin: telling(PAGE),
    steps: [
      { runs: 1 },
      { after: 60 * SECOND, runs: 2, text: 'undefined undefined', headers: { authorization: 'Basic YTpi' } },
    ],
  },
]

const NO_CACHE = { 'Cache-Control': 'no-cache', ETag: '"one"' }

const MUST_VALIDATE: readonly Case[] = [
  ...['no-cache', 'no-cache="X-Mark"', 'no-cache, max-age=60', 'public, no-cache'].map((value) => ({
    section: 'RFC 9111, 5.2.2.4',
    title: `what says ${value} is kept, and validated each time`,
    origin: validating({ ...NO_CACHE, 'Cache-Control': value }),
    steps: [
      { runs: 1 },
      { runs: 2, text: 'run 1', has: { 'cache-status': /fwd-status=304/ } },
      { after: 10 * 60 * SECOND, runs: 3, text: 'run 1' },
      { runs: 3, status: 504, headers: { 'cache-control': 'only-if-cached' } },
      { runs: 4, headers: { 'cache-control': 'max-stale' } },
    ],
  })),
  {
    section: 'RFC 9111, 5.2.2.4',
    title: 'what says no-cache stands in for no failure',
    origin: (run) =>
      run === 1
        ? {
            headers: { ...NO_CACHE, 'Cache-Control': 'no-cache, max-age=60, stale-if-error=60' },
            body: 'page',
          }
        : { status: 503 },
    steps: [{ runs: 1 }, { runs: 2, status: 503 }, { after: 61 * SECOND, runs: 3, status: 503 }],
  },
  ...[{}, { 'Last-Modified': MODIFIED }].map((validator) => ({
    section: 'RFC 9111, 5.2.2.4',
    title: `what says no-cache is not kept without an entity tag, with ${JSON.stringify(validator)}`,
    origin: telling({ 'Cache-Control': 'no-cache, max-age=60', ...validator }),
    steps: [
      { runs: 1, has: { 'cache-status': /detail=no-cache/ } },
      { runs: 2, text: 'undefined undefined' },
    ],
  })),
  {
    section: 'RFC 9111, 5.2.2.2',
    title: 'must-revalidate is validated when it is stale, and passes failures on',
    origin: (run, request) => {
      const headers = { ...PAGE, 'Cache-Control': 'max-age=60, must-revalidate, stale-if-error=600' }
      return run === 3 ? { status: 503 } : validating(headers)(run, request)
    },
    steps: [
      { runs: 1 },
      { after: 60 * SECOND, runs: 2, text: 'run 1' },
      { after: 60 * SECOND, runs: 3, status: 503 },
    ],
  },
]

/** Stored responses that the application validates (RFC 9111, 4.3). */
export const VALIDATION: readonly Case[] = [...ASKING, ...FRESHENING, ...CLIENTS, ...MUST_VALIDATE]
