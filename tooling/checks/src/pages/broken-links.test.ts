import { expect, test } from 'vitest'
import { brokenLinks } from './broken-links.ts'
import { pageOf } from './documentation-page.ts'
import { testRepository } from './test-repository.ts'

const HOME = 'https://github.com/diskcache/diskcache-node'

/** What is wrong with one link on a page of this repository. */
function problemOf(target: string, path = 'packages/cache/README.md'): string | undefined {
  const root = testRepository({
    'README.md': '# Top\n',
    'packages/cache/README.md': '# Cache\n## Errors\n',
    'packages/cache/LICENSE': '',
    'apps/docs/keyv.md': '# Keyv\n',
  })
  const markdown = `# Cache\n## Errors\n[a](${target})`
  return brokenLinks(pageOf(path, markdown), root)[0]
}

test.each([
  'https://example.org/anything',
  'mailto:a@example.org',
  '#errors',
  'LICENSE',
  `${HOME}`,
  `${HOME}/issues`,
  `${HOME}/blob/main/apps/docs/keyv.md#keyv`,
  `${HOME}/tree/main/apps/docs`,
  'https://raw.githubusercontent.com/diskcache/diskcache-node/main/README.md',
])('brokenLinks() accepts %s in the README of a package', (target) => {
  expect(problemOf(target)).toBeUndefined()
})

test.each([
  ['gone.md', 'leads to nothing'],
  ['../../../outside.md', 'leads to nothing'],
  ['../../apps/docs/keyv.md', `leads out of the package; write ${HOME}/blob/main/apps/docs/keyv.md`],
  ['#gone', 'names no heading of packages/cache/README.md'],
  [`${HOME}/blob/main/apps/docs/gone.md`, 'leads to nothing'],
  [`${HOME}/blob/main/apps/docs/keyv.md#gone`, 'names no heading of apps/docs/keyv.md'],
  [`${HOME}/blob/main/apps/docs`, 'mixes blob and tree up'],
  [`${HOME}/tree/main/README.md`, 'mixes blob and tree up'],
  [`${HOME}/blob/other/README.md`, 'is no file or folder of the branch main'],
])('brokenLinks() rejects %s in the README of a package', (target, problem) => {
  expect(problemOf(target)).toBe(`line 3: "${target}" ${problem}`)
})

test('brokenLinks() accepts relative links between other pages', () => {
  expect(problemOf('../../packages/cache/README.md#errors', 'apps/docs/keyv.md')).toBeUndefined()
  expect(problemOf('../../packages/cache/', 'apps/docs/keyv.md')).toBeUndefined()
})
