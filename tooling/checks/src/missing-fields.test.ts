import { expect, test } from 'vitest'
import { missingFields } from './missing-fields.ts'

const WHOLE = {
  ...{
    name: 'name',
    version: '1.0.0',
    exports: {},
    description: 'Text',
    license: 'MIT',
    author: 'Ada',
    homepage: 'page',
  },
  ...{ repository: { type: 'git' }, bugs: 'issues', keywords: ['cache'], engines: { node: '>=22' } },
}

test('missingFields() finds nothing in a whole manifest', () => {
  expect(missingFields(WHOLE)).toEqual([])
})

test('missingFields() finds what is not there, and what is empty', () => {
  const { bugs: _, ...manifest } = WHOLE
  expect(missingFields({ ...manifest, author: '', keywords: [], repository: {} })).toEqual([
    ...['author', 'repository', 'bugs', 'keywords'],
  ])
})
