import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { undocumentedMembers } from './check-members.ts'
import { docstringFault } from './docstring-fault.ts'

const roots: string[] = []

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true })
})

/** A repository with two packages, `core` and `cache`, of these sources. */
function repository(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'check-members-'))
  roots.push(root)
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  write('tsconfig.base.json', JSON.stringify({ compilerOptions: { module: 'nodenext', target: 'es2024' } }))
  for (const name of ['core', 'cache']) {
    const manifest = {
      name: `@diskcache/${name}`,
      type: 'module',
      exports: { '.': {}, './package.json': {} },
    }
    write(`packages/${name}/package.json`, JSON.stringify(manifest))
    write(`packages/${name}/src/index.ts`, files[name] ?? 'export {}')
  }
  return root
}

function faults(files: Record<string, string>): string[] {
  return undocumentedMembers(repository(files))
}

test('undocumentedMembers() finds symbols and members of every kind, each with its place', () => {
  const core = `export class Store {
  static open(): void {}
  constructor() {}
  get size(): number { return 0 }
  get(): void {}
  readonly #hidden = 1
  private hidden(): void {}
  [Symbol.dispose](): void {}
}
export interface Options { ttl?: number }
export type Change = { set: string } | { keep: true }
export const modes = { raw: 1 }
export function check(): void {}`
  expect(faults({ core })).toEqual([
    'packages/core/src/index.ts:1: Store has no docstring',
    'packages/core/src/index.ts:2: Store.open has no docstring',
    'packages/core/src/index.ts:3: new Store has no docstring',
    'packages/core/src/index.ts:4: Store.size has no docstring',
    'packages/core/src/index.ts:5: Store.get has no docstring',
    'packages/core/src/index.ts:10: Options has no docstring',
    'packages/core/src/index.ts:10: Options.ttl has no docstring',
    'packages/core/src/index.ts:11: Change has no docstring',
    'packages/core/src/index.ts:11: Change.set has no docstring',
    'packages/core/src/index.ts:11: Change.keep has no docstring',
    'packages/core/src/index.ts:12: modes has no docstring',
    'packages/core/src/index.ts:12: modes.raw has no docstring',
    'packages/core/src/index.ts:13: check has no docstring',
  ])
})

test('undocumentedMembers() accepts what a class inherits from an interface of another package', () => {
  const files = {
    core: `/** A store. */
export interface Store {
  /** Returns a value. */
  get(): void
}`,
    cache: `import type { Store } from '@diskcache/core'
/** A cache. */
export class Cache implements Store {
  get(): void {}
  set(): void {}
}`,
  }
  expect(faults(files)).toEqual(['packages/cache/src/index.ts:5: Cache.set has no docstring'])
})

test('undocumentedMembers() tells of a fault once, where it stands', () => {
  const core = `/** A store. */
export interface Store {
  /** Of a value */
  get(): void
}
/** A cache. */
export class Cache implements Store {
  get(): void {}
}`
  expect(faults({ core })).toEqual([
    'packages/core/src/index.ts:4: Store.get has a docstring that begins with a fragment, "Of a value"',
  ])
})

test('undocumentedMembers() asks for no constructor where users get no more than the type', () => {
  const cache = `/** A class. */
class AsyncCache { constructor() {} }
export type { AsyncCache }`
  expect(faults({ cache })).toEqual([])
})

test('undocumentedMembers() leaves alone what the language or a library declares', () => {
  const core = `/** A key. */
export type Key = string | Date | Uint8Array
/** An error. */
export class StoreError extends Error {}`
  expect(faults({ core })).toEqual([])
})

test.each([
  ['Returns the value.', undefined],
  ['Returns the value (or `undefined`).', undefined],
  ['For example:\n\n```ts\nget()\n```', undefined],
  ['Returns the value', 'has a docstring that ends without a full stop'],
  ['Of a store that has all.', 'has a docstring that begins with a fragment, "Of a store"'],
  ['Those of everything.', 'has a docstring that begins with a fragment, "Those of everything."'],
  ['How often it is looked.', 'has a docstring that begins with a fragment, "How often it"'],
])('docstringFault() of %j is %j', (text, fault) => {
  expect(docstringFault({ shown: text, own: text })).toBe(fault)
})

test('docstringFault() judges what is inherited where it stands', () => {
  expect(docstringFault({ shown: 'Of a store', own: '' })).toBeUndefined()
})
