import { parseRange } from '../../../../packages/adapters/src/http/fields/byte-range.ts'
import { CacheControl } from '../../../../packages/adapters/src/http/fields/cache-control.ts'
import { forwardedTarget } from '../../../../packages/adapters/src/http/fields/forwarded.ts'
import { members, tokens } from '../../../../packages/adapters/src/http/fields/header-values.ts'
import { dateOf } from '../../../../packages/adapters/src/http/fields/http-date.ts'
import { reducedPath, searchVariance } from '../../../../packages/adapters/src/http/fields/no-vary-search.ts'
import {
  allowsRange,
  isNotModified,
  preconditionsOf,
} from '../../../../packages/adapters/src/http/fields/preconditions.ts'
import { structuredDictionary } from '../../../../packages/adapters/src/http/fields/structured-dictionary.ts'
import { targetedCacheControl } from '../../../../packages/adapters/src/http/fields/targeted-cache-control.ts'
import { weightedList } from '../../../../packages/adapters/src/http/fields/weighted-list.ts'
import { nameTest } from '../../../../packages/adapters/src/http/rules/name-patterns.ts'
import { codingsOf, languagesOf } from '../../../../packages/adapters/src/http/rules/negotiation.ts'
import { withQuery } from '../../../../packages/adapters/src/http/rules/target/query.ts'
import {
  canonical,
  nameOf,
  parseTarget,
  targetOf,
} from '../../../../packages/adapters/src/http/rules/target/target.ts'
import { fieldText } from './field-text.ts'
import { Finding, type FuzzTarget } from './fuzz-target.ts'

const SIZE = 10
const VALIDATORS = { etag: '"a"', lastModified: 'Sun, 06 Nov 1994 08:49:37 GMT' }
const DATES = ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994']
const LISTS = ['gzip, br;q=0.5, *;q=0', 'de-CH, de;q=0.9, en;q=0.8', 'a, b,c']
const TAGS = ['"a", W/"b"', '*', 'W/"a"']
const DICTIONARIES = [
  'params=("a" "b"), key-order',
  'params, except=("c")',
  'a=1;b="c", d=(1 2.5 :YQ==: @1 tok);e',
  'max-age=60, stale-if-error=5',
]
const DIRECTIVES = ['public, max-age=60', 'private="set-cookie, x-a"', 's-maxage=1, stale-while-revalidate=2']
const PATHS = ['/a/b?utm_source=x&b=2&a=1', '/%7Euser/./x/../y?a[b]=1&c', '/', '/a//b?x=%zz&y=+']
const RULES = { ignore: nameTest(['utm_*', '*_id']), only: undefined, sort: true }
const TARGET_RULES = { hosts: undefined, query: RULES }

/** A function that reads a text of others, and what sound ones are. */
type Parser = readonly [sound: readonly string[], read: (text: string) => unknown]

const PARSERS: readonly Parser[] = [
  [LISTS, members],
  [LISTS, tokens],
  [LISTS, weightedList],
  [LISTS, codingsOf],
  [LISTS, (text) => languagesOf(text, ['de', 'en'])],
  [DATES, dateOf],
  [['bytes=0-1', 'bytes=-5', 'bytes=3-'], readRange],
  [['host="a.example:80";proto=https;for="[::1]:5"', 'for=1;host=a, proto=http'], forwardedTarget],
  [DIRECTIVES, (text) => CacheControl.parse(text)?.seconds('max-age')],
  [DICTIONARIES, structuredDictionary],
  [DICTIONARIES, targetedCacheControl],
  [DICTIONARIES, (text) => reduceTwice(PATHS[0] as string, text)],
  [PATHS, (text) => reduceTwice(text, DICTIONARIES[0] as string)],
  [[...TAGS, ...DATES], readConditions],
  [PATHS, (text) => expectStable(text, (path) => withQuery(path, RULES))],
  [PATHS, (path) => readTarget('a.example', path)],
  [['a.example:80', '[::1]:443', 'a.b.example.'], (host) => readTarget(host, '/a?b')],
  [['http://a.example/b?c#d', 'https://[::1]:80/%7Ea'], (url) => parseTarget(url, TARGET_RULES)],
]

/** Fields, paths and hosts at random, read by each function that reads them. */
export function parserTarget(): FuzzTarget {
  return {
    name: 'parsers',
    try(random) {
      const [sound, read] = random.pick(PARSERS)
      read(fieldText(sound, random))
    },
    [Symbol.dispose]() {},
  }
}

function readRange(text: string): void {
  const range = parseRange(text, SIZE)
  if (typeof range !== 'object') return
  if (!(0 <= range.start && range.start < range.end && range.end <= SIZE))
    throw new Finding(`a range from ${range.start} to ${range.end} of ${SIZE} bytes`)
}

function readConditions(text: string): void {
  const conditions = { 'if-none-match': text, 'if-modified-since': text }
  isNotModified(preconditionsOf(conditions), VALIDATORS)
  isNotModified(preconditionsOf({ 'if-modified-since': text }), VALIDATORS)
  allowsRange(preconditionsOf({ 'if-range': text, 'accept-encoding': text }), VALIDATORS)
}

function readTarget(host: string, url: string): void {
  const headers = {}
  const about = { method: 'GET', rewritten: undefined, cacheControl: undefined, hasCertificate: false }
  const target = targetOf({ ...about, headers, scheme: 'http', host, url }, TARGET_RULES)
  if (target === undefined) return
  const known = canonical(target)
  if (nameOf(known).spelling !== undefined)
    throw new Finding(`${known.host}${known.path} has another spelling`)
}

/** What a response does not depend on, left out once, is not there to be left out again. */
function reduceTwice(path: string, field: string): void {
  const variance = searchVariance(field)
  if (variance !== undefined) expectStable(path, (text) => reducedPath(text, variance))
}

function expectStable(text: string, change: (text: string) => string): void {
  const once = change(text)
  if (change(once) !== once) throw new Finding(`${JSON.stringify(text)} changes twice`)
}
