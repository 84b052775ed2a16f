import { expect, test } from 'vitest'
import { pageOf } from './documentation-page.ts'
import { stalePaths } from './stale-paths.ts'
import { testRepository } from './test-repository.ts'

const TEXT = '`packages/core/src/a.ts` `packages/*/src/a.ts`\n`packages/core` `apps/gone/*.ts` `a/b`'

test('stalePaths() finds paths that are not there', () => {
  const root = testRepository({ 'packages/core/src/a.ts': '' })
  expect(stalePaths(pageOf('README.md', TEXT), root)).toEqual(['line 2: there is no "apps/gone/*.ts"'])
})

test('stalePaths() leaves records of decisions alone', () => {
  expect(stalePaths(pageOf('apps/docs/adr/0001-was.md', TEXT), testRepository({}))).toEqual([])
})
