import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { brokenLinks, stalePaths, unreachablePages } from './check-pages.ts'

const roots: string[] = []

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true })
})

function repository(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'check-pages-'))
  roots.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

test('brokenLinks() accepts links to files, headings and other places, and what is code', () => {
  const root = repository({
    'README.md': '# A & `b`: one\n[a](apps/docs/b.md#two-words), [c](#a--b-one), [d](https://example.org/x)',
    'apps/docs/b.md': '## Two words\n`[x](missing.md)`\n```text\n[x](missing.md)\n```\n![y](../../README.md)',
  })
  expect(brokenLinks(root)).toEqual([])
})

test('brokenLinks() finds links to files and headings that are not there', () => {
  const root = repository({
    '.github/CONTRIBUTING.md': '[a](../packages/core/src/gone.ts) [b](../README.md#gone) [c](#gone)',
    'README.md': '# Here',
  })
  expect(brokenLinks(root)).toEqual([
    '.github/CONTRIBUTING.md: the link to "../packages/core/src/gone.ts" leads nowhere',
    '.github/CONTRIBUTING.md: the link to "../README.md#gone" leads nowhere',
    '.github/CONTRIBUTING.md: the link to "#gone" leads nowhere',
  ])
})

test('stalePaths() finds paths that are not there, except in records of decisions', () => {
  const root = repository({
    'README.md': '`packages/core/src/a.ts` `packages/*/src/a.ts` `packages/core` `apps/gone/*.ts` `a/b`',
    'packages/core/src/a.ts': '',
    'apps/docs/adr/0001-was.md': '`packages/gone`',
  })
  expect(stalePaths(root)).toEqual(['README.md: there is no "apps/gone/*.ts"'])
})

test('unreachablePages() finds pages that the index does not lead to', () => {
  const root = repository({
    'apps/docs/README.md': '[a](a.md) [outside](../../README.md)',
    'apps/docs/a.md': '[b](recipes/b.md)',
    'apps/docs/recipes/b.md': '',
    'apps/docs/lost.md': '[a](a.md)',
    'README.md': '[lost](apps/docs/lost.md)',
  })
  expect(unreachablePages(root)).toEqual(['apps/docs/lost.md: no way leads to it from apps/docs/README.md'])
})

test('unreachablePages() finds all pages when there is no index', () => {
  expect(unreachablePages(repository({ 'apps/docs/a.md': '' }))).toHaveLength(1)
})
