import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { checkRanks, LAYERS } from './check-ranks.ts'

const roots: string[] = []

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true })
})

/** Problems in a repository of these packages: `cache/src/a.ts` is a file, `cache` its list of dependencies. */
function problemsOf(files: Record<string, string>, dependencies: Record<string, string[]> = {}): string[] {
  const root = mkdtempSync(join(tmpdir(), 'check-ranks-'))
  roots.push(root)
  const write = (path: string, text: string) => {
    const target = join(root, 'packages', path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
  }
  const names = new Set([
    ...Object.keys(files).map((path) => path.split('/')[0]!),
    ...Object.keys(dependencies),
  ])
  for (const name of names) {
    const entries = (dependencies[name] ?? []).map((dependency) => [dependency, '*'])
    write(`${name}/package.json`, JSON.stringify({ dependencies: Object.fromEntries(entries) }))
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
  return checkRanks(root)
}

test('checkRanks() accepts imports of lower ranks, of Node and of own files', () => {
  const problems = problemsOf(
    {
      'core/src/connection.ts': "import Database from 'better-sqlite3'\nimport { join } from 'node:path'",
      'core/src/index.ts': "export { open } from './connection.ts'",
      'cache/src/cache.ts': "import type { Store } from '@diskcache/core'\nimport './cull.ts'",
      'cache/src/cull.ts': "import { get } from './item.ts'",
      'cache/src/item.ts': 'export const get = 1',
    },
    { core: ['better-sqlite3'], cache: ['@diskcache/core'] },
  )
  expect(problems).toEqual([])
})

test.each([
  ['an import', "import { Cache } from '@diskcache/cache'"],
  ['a type-only import', "import type { Cache } from '@diskcache/cache'"],
  ['a re-export', "export { Cache } from '@diskcache/cache'"],
  ['a dynamic import', "const load = () => import('@diskcache/cache')"],
  ['a require call', "const { Cache } = require('@diskcache/cache')"],
  ['an import type', "type Cache = import('@diskcache/cache').Cache"],
  ['an import of a subpath', "import { Cache } from '@diskcache/cache/deep'"],
  [
    'an import in the middle of a file',
    'const a = 1\nfunction f() {\n  return require(`@diskcache/cache`)\n}',
  ],
])('checkRanks() rejects %s of a higher rank', (_, text) => {
  expect(problemsOf({ 'core/src/a.ts': text })).toEqual([
    'packages/core/src/a.ts: imports "@diskcache/cache"; @diskcache/core may import no other package',
  ])
})

test.each([
  ['core', '@diskcache/core'],
  ['cache', '@diskcache/redis'],
  ['cache', '@diskcache/testkit'],
  ['collections', '@diskcache/fanout'],
  ['recipes', '@diskcache/cache'],
  ['adapters', '@diskcache/collections'],
])('checkRanks() rejects that %s imports %s', (importer, imported) => {
  const problems = problemsOf({ [`${importer}/src/a.ts`]: `import '${imported}'` })
  expect(problems).toEqual([expect.stringMatching(`^packages/${importer}/src/a.ts: imports "${imported}"; `)])
})

test('checkRanks() rejects a dependency of a higher rank', () => {
  expect(problemsOf({}, { cache: ['@diskcache/fanout'] })).toEqual([
    'packages/cache/package.json: depends on "@diskcache/fanout"; @diskcache/cache may import core',
  ])
})

test.each(['better-sqlite3', 'msgpackr'])('checkRanks() rejects %s outside core', (engine) => {
  const problems = problemsOf({ 'cache/src/a.ts': `import '${engine}'` }, { cache: [engine] })
  expect(problems).toEqual([
    `packages/cache/package.json: depends on "${engine}", which only @diskcache/core may`,
    `packages/cache/src/a.ts: imports "${engine}", which only @diskcache/core may`,
  ])
})

test('checkRanks() rejects an import that package.json does not declare', () => {
  expect(problemsOf({ 'cache/src/a.ts': "import type { Store } from '@diskcache/core'" })).toEqual([
    'packages/cache/src/a.ts: imports "@diskcache/core", which package.json does not declare',
  ])
})

test('checkRanks() rejects a path into another package', () => {
  const files = { 'core/src/disk.ts': '', 'cache/src/a.ts': "import '../../core/src/disk.ts'" }
  expect(problemsOf(files)).toEqual([
    'packages/cache/src/a.ts: imports "../../core/src/disk.ts", outside its package; use the package\'s name',
  ])
})

test("checkRanks() rejects an import of the package's own index.ts", () => {
  expect(problemsOf({ 'core/src/index.ts': '', 'core/src/sub/a.ts': "import '../index.ts'" })).toEqual([
    'packages/core/src/sub/a.ts: imports "../index.ts", its own package\'s face',
  ])
})

test('checkRanks() rejects a cycle of type-only imports', () => {
  const files = {
    'core/src/a.ts': "import type { B } from './b.ts'",
    'core/src/b.ts': "export type { C } from './sub/c.ts'",
    'core/src/sub/c.ts': "import type { A } from '../a.ts'",
  }
  expect(problemsOf(files)).toEqual(['packages/core/src/a.ts: import cycle a.ts → b.ts → sub/c.ts → a.ts'])
})

test('checkRanks() rejects a file that imports itself', () => {
  expect(problemsOf({ 'core/src/a.ts': "import './a.ts'" })).toEqual([
    'packages/core/src/a.ts: import cycle a.ts → a.ts',
  ])
})

test.each(["export * from './b.ts'", "export type * from './b.ts'", "export * as b from './b.ts'"])(
  'checkRanks() rejects %s',
  (text) => {
    expect(problemsOf({ 'core/src/a.ts': text })).toEqual([
      'packages/core/src/a.ts: has "export *"; name what it exports',
    ])
  },
)

test.each([
  "import { Connection } from '@diskcache/core'",
  "import { type Store, Connection as C } from '@diskcache/core'",
  "import * as core from '@diskcache/core'",
  "export { Connection } from '@diskcache/core'",
  "await import('@diskcache/core')",
])('checkRanks() rejects in recipes: %s', (text) => {
  const problems = problemsOf({ 'recipes/src/a.ts': text }, { recipes: ['@diskcache/core'] })
  expect(problems).toEqual([
    expect.stringMatching('recipes may import its types, its errors and what ENGINE_FREE lists'),
  ])
})

test('checkRanks() accepts types, errors and what knows no engine of core in recipes', () => {
  const text = [
    "import type { AsyncStore } from '@diskcache/core'",
    "import { checkNumber, DiskCacheError, type Key, quote } from '@diskcache/core'",
    "export type { AsyncStore } from '@diskcache/core'",
  ].join('\n')
  expect(problemsOf({ 'recipes/src/a.ts': text }, { recipes: ['@diskcache/core'] })).toEqual([])
})

test('checkRanks() rejects a package without a rank', () => {
  expect(problemsOf({ 'novel/src/a.ts': '' })).toEqual([
    'packages/novel/package.json: "novel" has no rank in check-ranks.ts',
  ])
})

test('checkRanks() leaves tests, comments and strings alone', () => {
  const files = {
    'core/src/a.test.ts': "import { Cache } from '@diskcache/cache'\nimport './index.ts'",
    'core/src/b.ts': "// import '@diskcache/cache'\nexport const text = \"import '@diskcache/cache'\"",
  }
  expect(problemsOf(files)).toEqual([])
})

test('LAYERS lets each package import strictly lower ranks only', () => {
  for (const { rank, mayImport } of Object.values(LAYERS)) {
    for (const imported of mayImport) expect(LAYERS[imported]!.rank).toBeLessThan(rank)
  }
})
