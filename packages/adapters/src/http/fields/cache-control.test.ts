import { expect, test } from 'vitest'
import { CacheControl } from './cache-control.ts'

test('CacheControl.parse() reads names in any case, arguments, quoted ones, and empty members', () => {
  const directives = CacheControl.parse(' Public,, MAX-AGE="60" ,\tcommunity="a, \\"b", , ')
  expect(directives?.has('public') && directives.has('community')).toBe(true)
  expect(directives?.seconds('max-age')).toBe(60)
  expect(directives?.seconds('s-maxage')).toBeUndefined()
})

test('CacheControl.parse() takes an absent field and an empty one for no directives', () => {
  for (const value of [undefined, '', ' , ']) expect(CacheControl.parse(value)?.has('private')).toBe(false)
})

test('CacheControl.parse() takes longer times for 2 ** 31 seconds', () => {
  expect(CacheControl.parse(`max-age=${'9'.repeat(400)}`)?.seconds('max-age')).toBe(2 ** 31)
})

const MALFORMED = [
  'public; max-age=60',
  'public max-age=60',
  'max-age = 60',
  'max-age= 60',
  'max-age=',
  'max-age',
  'max-age=-1',
  'max-age=1.5',
  'max-age=1e3',
  'max-age=0x10',
  'max-age=soon',
  'max-age=60, max-age=61',
  's-maxage=',
  'max-stale=x',
  'private="',
  'private="a" b',
  'private="a"b',
  '=60',
  'max-age=60, ü',
  'max-age=60, (private)',
  '\u0000',
]

for (const value of MALFORMED)
  test(`CacheControl.parse() refuses ${JSON.stringify(value)}`, () => {
    expect(CacheControl.parse(value)).toBeUndefined()
  })

test('CacheControl.parse() takes no longer for a long field than its length allows', () => {
  const start = performance.now()
  for (const part of [' ', ',', 'a', '"', '="\\', 'a="', ', ']) {
    CacheControl.parse(part.repeat(50_000))
    CacheControl.parse(`a${part.repeat(50_000)}!`)
  }
  expect(performance.now() - start).toBeLessThan(5_000)
})
