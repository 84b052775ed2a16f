import type { IncomingMessage, ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { HttpCache } from '../../../../packages/adapters/src/http/index.ts'
import { NodeExchange } from '../../../../packages/adapters/src/node/node-exchange.ts'
import { syntheticExchange } from '../../../../packages/adapters/src/node/synthetic-exchange.ts'
import type { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { MemoryStore } from '../../../testkit/src/memory/index.ts'
import { fieldText } from './field-text.ts'
import { Finding, type FuzzTarget } from './fuzz-target.ts'

type Fields = Readonly<Record<string, readonly string[]>>

const DATES = ['Sun, 06 Nov 1994 08:49:37 GMT', 'Thu, 01 Jan 2099 00:00:00 GMT', '0']

/** What requests may have, and what is sound there. */
const REQUEST_FIELDS: Fields = {
  accept: ['text/html, */*;q=0.1'],
  'accept-encoding': ['gzip, br;q=0.5', 'identity', '*;q=0'],
  'accept-language': ['de, en;q=0.5', '*'],
  authorization: ['Basic YTpi'],
  'cache-control': ['max-age=1', 'no-cache', 'max-stale=5', 'only-if-cached', 'min-fresh=2'],
  cookie: ['consent=1; a=b'],
  forwarded: ['host=a.example;proto=https', 'for=1'],
  host: ['a.example', 'a.example:80', '[::1]:8080'],
  'if-modified-since': DATES,
  'if-none-match': ['"a", W/"b"', '*'],
  'if-range': ['"a"', ...DATES],
  origin: ['https://a.example'],
  pragma: ['no-cache'],
  range: ['bytes=0-1', 'bytes=-2', 'bytes=2-'],
  'x-forwarded-host': ['a.example', 'b.example, c.example'],
  'x-forwarded-proto': ['http', 'https'],
}

/** What an application may answer with. */
const RESPONSE_FIELDS: Fields = {
  'access-control-allow-origin': ['*', 'https://a.example'],
  age: ['1'],
  'cache-control': [
    'public, max-age=60, stale-while-revalidate=60, stale-if-error=600',
    'max-age=1',
    'no-cache',
    'private="x"',
  ],
  'cache-tag': ['a, b'],
  'cdn-cache-control': ['max-age=60', 's-maxage=5, no-store=?0'],
  'content-encoding': ['identity', 'gzip'],
  date: DATES,
  etag: ['"a"', 'W/"b"'],
  expires: DATES,
  'last-modified': DATES,
  'no-vary-search': ['params=("a")', 'key-order, params, except=("b")'],
  vary: ['accept-language', 'origin, accept-encoding', '*'],
}

const URLS = ['/a', '/a?a=1&b=2', '/%7Ea?utm_source=x', '/./a', '/a?b=2&a=1']
const METHODS = [...Array.from({ length: 16 }, () => 'GET'), 'HEAD', 'HEAD', 'POST', 'QUERY', 'PURGE']
const STATUSES = [...Array.from({ length: 12 }, () => 200), 204, 206, 301, 304, 404, 500, 503]

/** The inputs after which everything begins anew. */
const ROUND = 500

/** The time in milliseconds in which an answer must come, by the clock: a busy machine is slow. */
const PATIENCE = 60_000

/** The longest step of the clock between two requests, in milliseconds. */
const LONGEST_STEP = 20_000

type Listener = (req: IncomingMessage, res: ServerResponse) => void

/**
 * Requests and answers at random, through the engine of HTTP caching on a store in memory: each is answered, and the engine
 * has nothing to tell of but what the application did wrong.
 */
export function exchangeTarget(): FuzzTarget {
  let origin = new Origin()
  let inputs = 0
  return {
    name: 'exchanges',
    async try(random) {
      if (++inputs % ROUND === 0) origin = new Origin()
      await origin.ask(random)
    },
    [Symbol.dispose]() {},
  }
}

/** An application that answers at random, behind a cache. */
class Origin {
  #time = Date.now()
  #random: Random | undefined
  readonly #told: unknown[] = []
  readonly #cache = new HttpCache<IncomingMessage, ServerResponse>(new MemoryStore(), {
    clock: () => this.#time,
    onError: (error) => this.#told.push(error),
    query: { ignore: ['utm_*'], sort: true },
    acceptLanguage: ['de', 'en'],
    exemptCookies: ['consent'],
    cdnCacheControl: true,
    shareWithAuthorization: true,
  })

  /** Sends a request, and expects an answer, whatever it is. */
  async ask(random: Random): Promise<void> {
    this.#random = random
    this.#time += random.below(LONGEST_STEP)
    const original = { headers: {}, socket: {}, url: urlOf(random) } as IncomingMessage
    const place = { scheme: 'http', host: 'a.example' }
    const fields = { host: place.host, ...fieldsOf(REQUEST_FIELDS, random) }
    const { req, res } = syntheticExchange(original, { fields, place, isFromProxy: false })
    req.method = random.pick(METHODS)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(() => reject(new Finding('no answer came')), PATIENCE)
    res.once('finish', resolve).once('close', resolve)
    this.#handle(req, res, random.chance(0.3))
    await promise.finally(() => clearTimeout(timer))
    // What is stored is known a turn later.
    await nextTurn()
    const wrong = this.#told.splice(0).find((error) => !isOfApplication(error))
    if (wrong !== undefined) throw wrong
  }

  #handle(req: IncomingMessage, res: ServerResponse, isFromProxy: boolean): void {
    const answering: Listener = (req, res) => this.#handle(req, res, isFromProxy)
    const next = () => answer(res, this.#random as Random)
    this.#cache.handle(new NodeExchange(req, res, { isFromProxy, next, answering }))
  }
}

function answer(res: ServerResponse, random: Random): void {
  const fields = fieldsOf(RESPONSE_FIELDS, random)
  try {
    for (const [name, value] of Object.entries({ 'cache-control': 'public, max-age=60', ...fields }))
      res.setHeader(name, value)
    res.statusCode = random.pick(STATUSES)
  } catch {
    // Node takes some characters in no field.
    res.statusCode = 500
  }
  res.end('body'.repeat(random.below(3)))
}

function urlOf(random: Random): string {
  const url = fieldText(URLS, random)
  return random.chance(0.7) ? random.pick(URLS) : url
}

/** Returns some of the fields, half of them sound. */
function fieldsOf(all: Fields, random: Random): Record<string, string> {
  const names = Object.keys(all)
  const chosen = Array.from({ length: random.below(4) }, () => random.pick(names))
  return Object.fromEntries(
    chosen.map((name) => {
      const sound = all[name] as readonly string[]
      return [name, random.chance(0.5) ? random.pick(sound) : fieldText(sound, random)]
    }),
  )
}

/** Returns whether an error that was told is the application's: a tag that is none, or a failure in the background. */
function isOfApplication(error: unknown): boolean {
  return error instanceof Error && /^Cannot (?:use tags:|revalidate )/.test(error.message)
}
