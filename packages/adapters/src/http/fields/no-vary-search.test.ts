import { expect, test } from 'vitest'
import { reducedPath, searchVariance } from './no-vary-search.ts'

const QUERY = '/a?b=1&a=2&b=3&c=%20&d+e'

/** What a path is reduced to; `undefined`: the field says nothing. */
const CASES: readonly (readonly [field: string, expected: string | undefined])[] = [
  ['params', '/a'],
  ['params=?1', '/a'],
  ['key-order', '/a?a=2&b=1&b=3&c=+&d+e='],
  ['params=("b")', '/a?a=2&c=+&d+e='],
  ['params=("b" "a"), key-order', '/a?c=+&d+e='],
  ['params, except=("a" "c")', '/a?a=2&c=+'],
  ['key-order,params,except=("b")', '/a?b=1&b=3'],
  ['params=("d%20e" "x")', '/a?b=1&a=2&b=3&c=+'],
  ['params=("d+e");x=1;y, other=1.5, key-order=?0', '/a?b=1&a=2&b=3&c=+'],
  ['params=("b"), params=("a")', '/a?b=1&b=3&c=+&d+e='],
  ['params=()', '/a?b=1&a=2&b=3&c=+&d+e='],
  ['params=?0, key-order', '/a?a=2&b=1&b=3&c=+&d+e='],
  // These say nothing, or are malformed.
  ...(
    [
      ...['', 'params=?0', 'other', 'key-order=?0', 'params=("b"', 'params=("b"),', 'Params', 'params="b"'],
      ...['params=(b)', 'params=(1)', 'key-order=1', 'except=("a")', 'params=("a"), except=("b")'],
      ...['params, except', 'params, except="a"', 'params key-order', 'params=("a""b")', 'params=("ä")'],
      ...['params=("a\\")', 'params=,', 'params;', '=', `params=("${'a'.repeat(5_000)}")`],
    ] as const
  ).map((field) => [field, undefined] as const),
]

for (const [field, expected] of CASES)
  test(`searchVariance() makes ${expected} by ${field.slice(0, 60)}`, () => {
    const variance = searchVariance(field)
    expect(variance && reducedPath(QUERY, variance)).toBe(expected)
  })

test('reducedPath() leaves a path without a query, and what it has reduced', () => {
  const variance = searchVariance('key-order, params=("x")')
  if (variance === undefined) throw new Error('the field is sound')
  expect(reducedPath('/a', variance)).toBe('/a')
  const reduced = reducedPath("/a?b=~'&x&a=%27", variance)
  expect(reducedPath(reduced, variance)).toBe(reduced)
})
