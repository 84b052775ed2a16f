import { expect, test } from 'vitest'
import { allowsRange, isNotModified, type Preconditions } from './preconditions.ts'

const NOTHING: Preconditions = {
  ifNoneMatch: undefined,
  ifModifiedSince: undefined,
  range: undefined,
  ifRange: undefined,
  acceptEncoding: undefined,
}

function has(ifNoneMatch: string, etag: string): boolean {
  return isNotModified({ ...NOTHING, ifNoneMatch }, { etag, lastModified: undefined })
}

test('isNotModified() reads lists with empty members, and commas and signs inside of tags', () => {
  for (const list of ['"a"', 'W/"a"', ' , "b",, W/"a" ,', '"x,y" , "a"', '"", "a"', '*', ' * '])
    expect([list, has(list, '"a"')]).toEqual([list, true])
  expect(has('"x,\\y"', '"x,\\y"')).toBe(true)
})

test('isNotModified() stops at what is no entity tag', () => {
  for (const list of ['a', "'a'", '"a', 'a"', 'w/"a"', '"b" "a"', 'x, "a"', '"b c", "a"', '*, "a"', ''])
    expect([list, has(list, '"a"')]).toEqual([list, false])
})

test('allowsRange() takes only codings that are not asked for as none', () => {
  const range = (acceptEncoding: string) =>
    allowsRange({ ...NOTHING, ifRange: '"a"', acceptEncoding }, { etag: '"a"', lastModified: undefined })
  for (const coding of ['', ' , ', 'identity', 'Identity ; q=1', '*;q=0', 'identity, * ; Q=0.000'])
    expect([coding, range(coding)]).toEqual([coding, true])
  for (const coding of ['gzip', 'gzip;q=0', '*', '*;q=0.1', 'identity, br', `identity${' '.repeat(9)}x`])
    expect([coding, range(coding)]).toEqual([coding, false])
})
