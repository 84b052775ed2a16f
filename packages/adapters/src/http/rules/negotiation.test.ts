import { expect, test } from 'vitest'
import { codingsOf, languagesOf } from './negotiation.ts'

const CODINGS = [
  ['gzip, deflate, br, zstd', 'gzip=deflate=br=zstd'],
  ['gzip,deflate , br;q=1.0,zstd; q=1', 'gzip=deflate=br=zstd'],
  ['GZIP;q=0.5, br;q=0.9', 'br>gzip'],
  ['x-gzip', 'gzip'],
  ['gzip, identity;q=0, *;q=0', 'gzip;!*;!identity'],
  ['', ''],
  ['made-up', 'made-up'],
  ['gzip;level=1', 'gzip;level=1'],
  ['gzip;q=2', 'gzip;q=2'],
] as const

for (const [value, expected] of CODINGS)
  test(`codingsOf() makes ${JSON.stringify(expected)} of ${value}`, () => {
    expect(codingsOf(value)).toBe(expected)
  })

test('codingsOf() tells apart what an application may answer otherwise', () => {
  const values = [
    'gzip, br',
    'br, gzip',
    'gzip, br;q=0.9',
    'gzip',
    'br',
    '',
    'gzip, identity;q=0',
    'gzip, *;q=0',
  ]
  expect(new Set(values.map(codingsOf)).size).toBe(values.length)
})

const LANGUAGES = [
  ['de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7', 'de>en'],
  ['de-AT, en;q=0.1, x-1;q=0.3', 'de>en'],
  ['en, de', 'en=de'],
  ['de, en', 'de=en'],
  ['de;q=0.5, en', 'en>de'],
  ['fr', ''],
  ['*', 'de=en'],
  ['de, *;q=0.1', 'de>en'],
  ['de;q=0, *', 'en'],
  // What says most about a language counts, not what says most for it.
  ['de-DE, de;q=0.1, en;q=0.5', 'en>de'],
  ['deutsch', ''],
  ['de;q=a', 'de;q=a'],
] as const

for (const [value, expected] of LANGUAGES)
  test(`languagesOf() makes ${JSON.stringify(expected)} of ${value}`, () => {
    expect(languagesOf(value, ['de', 'en'])).toBe(expected)
  })

test('languagesOf() takes a wider range for a language with a region', () => {
  expect(languagesOf('de;q=0.8, en', ['de-ch', 'en'])).toBe('en>de-ch')
})
