import { expect, test } from 'vitest'
import type { DocumentedPackage } from './documented-package.ts'
import { makeSite } from './site.ts'
import { walkSite } from './walk-site.ts'

const packages: readonly DocumentedPackage[] = [
  {
    name: '@scope/alpha',
    version: '1.0.0',
    description: 'a < b & "c"',
    dependencies: ['beta', 'unknown'],
    documents: new Map([
      ['README.md', '# Alpha\n[more](docs/the%20more.md), [licence](LICENSE), [away](https://other.example)'],
      ['docs/the more.md', '[back](../README.md) [root](/) `<a href="code">`'],
    ]),
  },
  { name: 'beta', version: '2.0.0', description: '', dependencies: [], documents: new Map([['a.md', 'b']]) },
]

test('makeSite() makes pages that all can be reached from the home page', () => {
  const site = makeSite(packages)
  const { pages, broken } = walkSite(site)
  expect(pages.toSorted()).toEqual([...site.keys()].sort())
  expect(pages).toEqual(
    expect.arrayContaining(['/', '/a/', '/b/', '/packages/@scope/alpha@1.0.0/docs/the%20more.md']),
  )
  expect(broken).toEqual(['/packages/@scope/alpha@1.0.0/LICENSE'])
})

test('makeSite() links packages to their dependencies, and escapes text', () => {
  const page = makeSite(packages).get('/packages/@scope/alpha@1.0.0/')
  expect(page).toContain('<a href="/packages/beta@2.0.0/">beta 2.0.0</a>')
  expect(page).toContain('a &lt; b &amp; &quot;c&quot;')
})
