import { expect, test } from 'vitest'
import { nameTest } from '../name-patterns.ts'
import { type QueryRules, TRACKING_PARAMETERS, withQuery } from './query.ts'

function rules({
  ignore,
  only,
  sort = false,
}: {
  ignore?: string[]
  only?: string[]
  sort?: boolean
}): QueryRules {
  return { ignore: ignore && nameTest(ignore), only: only && nameTest(only), sort }
}

const CASES: readonly (readonly [rules: QueryRules, path: string, expected: string])[] = [
  [rules({}), '/a?utm_source=1&', '/a?utm_source=1&'],
  [rules({ ignore: [...TRACKING_PARAMETERS] }), '/a?utm_source=1&b=2&fbclid=3&b=1', '/a?b=2&b=1'],
  [rules({ ignore: [...TRACKING_PARAMETERS] }), '/a?utm_source=1', '/a'],
  [rules({ ignore: ['utm_*'] }), '/a?utm%5Fsource=1&xutm_a=2&utm_[a]=3&UTM_a=4', '/a?xutm_a=2&UTM_a=4'],
  // Some parsers find the parameter `utm_a` in this.
  [rules({ ignore: ['utm_a'] }), '/a?[utm_a]=1', '/a?[utm_a]=1'],
  [rules({ only: ['page'] }), '/a?page=2&x=1&page=3&y', '/a?page=2&page=3'],
  // And the parameter `page` in these.
  [
    rules({ only: ['page'] }),
    '/a?page[]=2&[page]=2&p%61ge=2&page.x=2',
    '/a?page[]=2&[page]=2&p%61ge=2&page.x=2',
  ],
  [rules({ only: ['page'] }), '/a?%=2&%ff=1', '/a?%=2&%ff=1'],
  [rules({ only: [] }), '/a?x', '/a'],
  [rules({ sort: true }), '/a?b=2&a=1&b=1', '/a?a=1&b=2&b=1'],
  [rules({ sort: true, ignore: ['c'] }), '/a?b&c&a', '/a?a&b'],
]

for (const [index, [query, path, expected]] of CASES.entries())
  test(`withQuery() makes ${expected} of ${path} (${index})`, () => {
    expect(withQuery(path, query)).toBe(expected)
  })
