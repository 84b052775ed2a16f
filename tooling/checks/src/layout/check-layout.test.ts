import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { forbiddenImports } from './check-layout.ts'
import { crowdedFolders } from './crowded-folders.ts'
import { longFunctions } from './long-functions.ts'
import { straySql } from './stray-sql.ts'

const roots: string[] = []

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true })
})

/** A repository with these files, where each package finds all others, and a few from the registry, by name. */
function repository(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'check-layout-'))
  roots.push(root)
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (const name of ['better-sqlite3', 'express']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }))
    write(`node_modules/${name}/index.js`, '')
  }
  mkdirSync(join(root, 'node_modules/@diskcache'), { recursive: true })
  for (const name of ['core', 'cache', 'recipes', 'redis', 'fanout', 'adapters']) {
    const doors = { '.': './dist/index.js', './sqlite': './dist/sqlite/index.js' }
    const dependencies = {
      '@diskcache/core': '*',
      '@diskcache/cache': '*',
      'better-sqlite3': '*',
      express: '*',
    }
    write(`packages/${name}/package.json`, JSON.stringify({ name, exports: doors, dependencies }))
    for (const path of Object.values(doors)) write(`packages/${name}/${path}`, '')
    symlinkSync(join(root, 'packages', name), join(root, 'node_modules/@diskcache', name))
  }
  for (const [path, text] of Object.entries(files)) write(`packages/${path}`, text)
  return root
}

async function rulesBroken(files: Record<string, string>): Promise<string[]> {
  const problems = await forbiddenImports(repository(files))
  return problems.map((problem) => problem.slice(0, problem.indexOf(':')))
}

test('forbiddenImports() accepts imports that go down', async () => {
  const files = {
    'core/src/contract/errors.ts': "import { join } from 'node:path'",
    'core/src/sqlite/schema/schema.ts': "import '../../contract/errors.ts'",
    'core/src/sqlite/cache-directory.ts': "import './schema/schema.ts'",
    'cache/src/context/engine.ts':
      "import 'better-sqlite3'\nimport type { Engine } from '@diskcache/core/sqlite'",
    'cache/src/upkeep/eviction.ts': "import '../context/engine.ts'",
    'cache/src/cache.ts': "import './upkeep/eviction.ts'\nimport '@diskcache/core'",
    'adapters/src/express/cache-responses.ts': "import 'express'\nimport '@diskcache/cache'",
  }
  expect(await rulesBroken(files)).toEqual([])
})

test.each([
  ['an import', "import { Cache } from '@diskcache/cache'"],
  ['a type-only import', "import type { Cache } from '@diskcache/cache'"],
  ['a re-export', "export { Cache } from '@diskcache/cache'"],
  ['a dynamic import', "export const load = () => import('@diskcache/cache')"],
  ['a require call', "export const { Cache } = require('@diskcache/cache')"],
  ['an import type', "export type Cache = import('@diskcache/cache').Cache"],
])('forbiddenImports() finds %s of a higher package', async (_, text) => {
  expect(await rulesBroken({ 'core/src/contract/a.ts': text })).toEqual(['rank-of-core'])
})

test.each([
  ['cache/src/upkeep/a.ts', "import '../promises/b.ts'", 'floor-of-cache-upkeep'],
  ['redis/src/bytes/a.ts', "import '../redis-store.ts'", 'floor-of-redis-bytes'],
  ['core/src/checks/a.ts', "import '../sqlite/schema/b.ts'", 'contract-without-engine'],
  ['core/src/index.ts', "export { b } from './sqlite/b.ts'", 'contract-without-engine'],
  ['recipes/src/averager.ts', "import '@diskcache/core/sqlite'", 'engine-for-caches-only'],
  ['fanout/src/a.ts', "import 'better-sqlite3'", 'better-sqlite3-in-one-file'],
  ['adapters/src/http/rules/a.ts', "import 'express'", 'http-without-framework'],
  ['adapters/src/http/rules/a.ts', "import '../../express/b.ts'", 'http-without-framework'],
  ['adapters/src/keyv/a.ts', "import '../nest/b.ts'", 'adapters-apart'],
  ['adapters/src/verrou/a.ts', "import '../bentocache/b.ts'", 'adapters-apart'],
  ['adapters/src/session/a.ts', "import '../express/b.ts'", 'adapters-apart'],
  ['adapters/src/rate-limit/a.ts', "import '../session/b.ts'", 'adapters-apart'],
  ['cache/src/a.ts', "import './index.ts'", 'no-import-of-ones-own-face'],
  ['cache/src/a.ts', "import '../../core/src/contract/b.ts'", 'no-way-around-a-door'],
  ['cache/src/a.ts', "import 'nowhere'", 'resolvable'],
  ['cli/src/inspector/page/text/a.tsx', "import '../parts/b.tsx'", 'floor-of-cli-inspector/page/text'],
  ['cli/src/inspector/page/a.tsx', "import 'node:fs'", 'page-for-browsers'],
  ['cli/src/inspector/page/a.tsx', "import '../../reading/b.ts'", 'page-for-browsers'],
])('forbiddenImports() finds, in %s, %s', async (path, text, rule) => {
  const target = /'(\.[^']*)'/.exec(text)?.[1]
  const files = { [path]: text, ...(target && { [join(dirname(path), target)]: 'export const b = 1' }) }
  expect(await rulesBroken(files)).toContain(rule)
})

test('forbiddenImports() finds a cycle, also of types', async () => {
  const files = {
    'core/src/contract/a.ts': "import type { B } from './b.ts'\nexport type A = B",
    'core/src/contract/b.ts': "import type { A } from './a.ts'\nexport type B = A",
  }
  expect(await rulesBroken(files)).toContain('no-cycle')
})

test('straySql() finds SQL outside core/sqlite, and nothing else', () => {
  const root = repository({
    'core/src/sqlite/queries/a.ts': "const A = 'SELECT 1'",
    'cache/src/upkeep/b.ts':
      "// SELECT in a comment\nconst update = 'Update now'\nconst B = `\n\n` + 'PRAGMA page_count'",
    'cache/src/upkeep/b.test.ts': "const C = 'SELECT 1'",
  })
  expect(straySql(root)).toEqual([
    'packages/cache/src/upkeep/b.ts:5: has SQL; it belongs to packages/core/src/sqlite/',
  ])
})

test('crowdedFolders() counts source files beside each other, without tests', () => {
  const names = Array.from({ length: 16 }, (_, i) => `file-${i}`)
  const files = (folder: string, extension: string) =>
    Object.fromEntries(names.map((name) => [`cache/src/${folder}${name}${extension}`, '']))
  const crowded = { ...files('full/', '.ts'), ...files('parts/', '.tsx') }
  const root = repository({ ...crowded, ...files('tested/', '.test.ts') })
  expect(crowdedFolders(root).toSorted()).toEqual([
    'packages/cache/src/full: 16 files beside each other; make the groups folders',
    'packages/cache/src/parts: 16 files beside each other; make the groups folders',
  ])
})

/** A text of so many lines, between these two. */
function block(first: string, lines: number, last: string): string {
  return [first, ...Array.from({ length: lines - 2 }, () => '  f()'), last].join('\n')
}

test.each([
  ['a function', 'function f() {', '}'],
  ['a closure', 'const a = g(async () => {', '})'],
  ['a function expression', 'const a = function* () {', '}'],
  ['a method', 'class A { #m() {', '} }'],
  ['an accessor', 'const a = { get m() {', '} }'],
  ['a constructor', 'class A { constructor() {', '} }'],
])('longFunctions() finds %s of more than 40 lines', (_, first, last) => {
  const files = {
    'cache/src/a.ts': block(first, 40, last),
    'cache/src/b.ts': `/** A docstring\n * is not counted. */\n${block(first, 41, last)}`,
  }
  expect(longFunctions(repository(files))).toEqual(['packages/cache/src/b.ts:3: 41 lines, at most 40'])
})

test('longFunctions() finds closures of more than 80 lines in tests, also inside others', () => {
  const inner = block('  test(() => {', 81, '  })')
  const root = repository({
    'cache/src/a.test.ts': block('test(() => {', 80, '})'),
    'cache/src/b.test.ts': `describe(() => {\n${inner}\n})`,
    'cache/tests/c/d.ts': block('export function f() {', 80, '}'),
  })
  expect(longFunctions(root)).toEqual([
    'packages/cache/src/b.test.ts:1: 83 lines, at most 80',
    'packages/cache/src/b.test.ts:2: 81 lines, at most 80',
  ])
})

test('longFunctions() finds components of more than 40 lines', () => {
  const files = { 'cli/src/a.tsx': block('function A() { return <p>', 41, '</p> }') }
  expect(longFunctions(repository(files))).toEqual(['packages/cli/src/a.tsx:1: 41 lines, at most 40'])
})

test('longFunctions() lets other long things be', () => {
  const text = block('export class A {', 50, '}').replaceAll('f()', 'm(): void {}')
  const overload = block('declare function f(', 50, '): void').replaceAll('f()', '// a comment')
  expect(longFunctions(repository({ 'cache/src/a.ts': text, 'cache/src/b.ts': overload }))).toEqual([])
})
