import { expect, test } from 'vitest'
import { CacheControl } from './cache-control.ts'
import { targetedCacheControl } from './targeted-cache-control.ts'

const SAID: readonly (readonly [field: string, said: string])[] = [
  ['max-age=60', 'max-age=60'],
  [' public ,\tmax-age=60;a;b="c, d", must-revalidate=?1 ', 'public, max-age=60, must-revalidate'],
  ['max-age=60, private=?0', 'max-age=60'],
  ['max-age=60, max-age=10', 'max-age=10'],
  ['private="x-a, x-b"', 'private="x-a, x-b"'],
  ['a=(1 "b" c;d=1), b=:YQ==:, c=tok/en, d=@1, max-age=5', 'a, b, c, d, max-age=5'],
  ['a="b, c", private=(a b), d=e', 'a="b, c", private, d'],
  ['none=?0', ''],
]

for (const [field, said] of SAID)
  test(`targetedCacheControl() reads ${field}`, () => {
    expect(targetedCacheControl(field)).toBe(said)
  })

const MALFORMED = [
  ...['', ' ', ',', 'max-age=60,', ', max-age=60', 'max-age=60 public', 'max-age = 60', 'Max-Age=60'],
  ...[
    'max-age=',
    'max-age="60',
    'a=(1',
    'a=1234567890123456',
    'a=1.2345',
    'a=?2',
    'a="\\b"',
    'ä',
    'a=1\u0000',
  ],
]

for (const field of MALFORMED)
  test(`targetedCacheControl() passes over ${JSON.stringify(field)}`, () => {
    expect(targetedCacheControl(field)).toBeUndefined()
  })

for (const field of ['max-age="60"', 'max-age', 'max-age=1.5', 'max-age=-1', 's-maxage=soon', 'max-age=(60)'])
  test(`targetedCacheControl() makes nothing that may be stored of ${field}`, () => {
    expect(CacheControl.parse(targetedCacheControl(field))).toBeUndefined()
  })

test('targetedCacheControl() reads several lines as one', () => {
  expect(targetedCacheControl(['public', 'max-age=60'])).toBe('public, max-age=60')
})
