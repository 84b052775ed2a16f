import { expect, test } from 'vitest'
import { pageOf } from './documentation-page.ts'
import { unreachablePages } from './unreachable-pages.ts'

const pagesOf = (files: Record<string, string>) =>
  Object.entries(files).map(([path, text]) => pageOf(path, text))

test('unreachablePages() finds pages below apps/docs to which the index does not lead', () => {
  const pages = pagesOf({
    'apps/docs/README.md': '[a](a.md#heading) [outside](../../README.md)',
    'apps/docs/a.md': '[b](recipes/b.md)',
    'apps/docs/recipes/b.md': '',
    'apps/docs/lost.md': '[a](a.md)',
    'README.md': '[lost](apps/docs/lost.md)',
  })
  expect(unreachablePages(pages)).toEqual(['apps/docs/lost.md'])
})

test('unreachablePages() finds all pages when there is no index', () => {
  expect(unreachablePages(pagesOf({ 'apps/docs/a.md': '' }))).toEqual(['apps/docs/a.md'])
})
