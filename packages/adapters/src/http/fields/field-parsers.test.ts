import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRange } from './byte-range.ts'
import { CacheControl } from './cache-control.ts'
import { forwardedTarget } from './forwarded.ts'
import { members, tokens } from './header-values.ts'
import { dateOf } from './http-date.ts'
import { searchVariance } from './no-vary-search.ts'
import { allowsRange, isNotModified, preconditionsOf } from './preconditions.ts'
import { structuredDictionary } from './structured-dictionary.ts'
import { targetedCacheControl } from './targeted-cache-control.ts'
import { weightedList } from './weighted-list.ts'

const VALIDATORS = { etag: '"a"', lastModified: 'Sun, 06 Nov 1994 08:49:37 GMT' }

/** Everything that reads a field of a request or response. */
const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  members,
  tokens,
  dateOf,
  weightedList,
  forwardedTarget,
  structuredDictionary,
  targetedCacheControl,
  // Functions that do the same are not equal.
  searchVariance: (text) => {
    const variance = searchVariance(text)
    return variance && [variance.byOrder, variance.varies('a'), variance.varies('')]
  },
  'CacheControl.parse': (text) => CacheControl.parse(text)?.seconds('max-age'),
  parseRange: (text) => {
    const range = parseRange(text, 10)
    if (typeof range === 'object')
      expect(0 <= range.start && range.start < range.end && range.end <= 10).toBe(true)
  },
  isNotModified: (text) =>
    isNotModified(preconditionsOf({ 'if-none-match': text, 'if-modified-since': text }), VALIDATORS),
  allowsRange: (text) =>
    allowsRange(preconditionsOf({ 'if-range': text, 'accept-encoding': text }), VALIDATORS),
}

const PIECES = [
  ...' \t,;="\\/-*0()[]:.@?%&_'.split(''),
  ...[
    '"a"',
    'W/"',
    'max-age=',
    'no-cache',
    'private="',
    'bytes=',
    'host=',
    'proto=http',
    'q=0',
    'params=(',
    '?1',
  ],
  ...['Sun, 06 Nov 1994 ', 'Nov', '08:49:37', 'GMT', 'é', '\u0000', '99999999999999999999', '1.5', ':YQ==:'],
]

const text = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

for (const [name, parse] of Object.entries(PARSERS))
  test(`${name}() throws for no text, and has no memory of the last one`, () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const first = parse(one)
        parse(other)
        expect(parse(one)).toEqual(first)
      }),
      { numRuns: 2_000 },
    )
  })
