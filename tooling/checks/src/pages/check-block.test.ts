import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkBlock, isProgram, type Repository } from './check-block.ts'
import { type Block, extractBlocks } from './markdown-block.ts'

const root = mkdtempSync(join(tmpdir(), 'check-block-'))
const repository: Repository = { root, scripts: ['test', 'demo', 'bench'], packages: ['core', 'cache'] }
writeFileSync(join(root, 'source.ts'), 'const SQL = `\n    SELECT key\n      FROM Cache\n\n    LIMIT 1\n`\n')

afterAll(() => rmSync(root, { recursive: true, force: true }))

function block(info: string, text = ''): Block {
  return extractBlocks('a.md', `\`\`\`${info}\n${text}\n\`\`\``)[0]!
}

test.each([
  ['ts', 'await import("node:fs")'],
  ['js', ''],
  ['text', 'anything'],
  ['console', '$ rm -rf build'],
  ['json', '{ "a": [1] }'],
  ['sql from=source.ts', 'SELECT key\n  FROM Cache\n\nLIMIT 1'],
  ['sql from=source.ts', '\n        FROM Cache\n\n'],
  ['ts fragment from=source.ts', 'const SQL = `'],
  ['sh', 'npx -y pnpm@12 test'],
  ['sh', 'npx -y pnpm@12 demo     # the main job\n\npnpm bench --quick\npnpm run test'],
  ['sh', 'npm install @diskcache/cache express'],
])('checkBlock() accepts %s: %s', (info, text) => {
  expect(checkBlock(block(info, text), repository)).toBeUndefined()
})

test.each([
  ['', 'a', 'no language'],
  ['python', 'a', 'language "python" is not one of'],
  ['ts frgment', 'a', '"frgment" is none of'],
  ['ts fragment', 'a', 'a fragment needs "from=path"'],
  ['json fragment from=source.ts', 'a', 'only ts and js have fragments'],
  ['sql', 'SELECT 1', 'sql needs "from=path"'],
  ['sql from=source.ts', 'SELECT value', 'does not occur in "source.ts"'],
  ['sql from=source.ts', 'SELECT key\nFROM Cache', 'does not occur'],
  ['sql from=source.ts', 'SELECT', 'does not occur'],
  ['sql from=source.ts', '', 'does not occur'],
  ['text from=missing.ts', 'a', '"missing.ts" is not a file of the repository'],
  ['text from=../outside.ts', 'a', 'is not a file of the repository'],
  ['json', '{ a: 1 }', 'JSON'],
  ['sh', 'curl https://example.org', '"curl https://example.org" is not a command'],
  ['bash', 'curl https://example.org', 'is not a command'],
  ['sh', 'npx -y pnpm@12 missing', 'is not a command'],
  ['sh', 'npx pnpm@12 test', 'is not a command'],
  ['sh', 'pnpm', 'is not a command'],
  ['sh', 'pnpm test && curl example.org', 'is not a command'],
  ['sh', 'npm install', 'is not a command'],
  ['sh', 'npm install express', 'is not a command'],
  ['sh', 'npm install @diskcache/missing', 'is not a command'],
])('checkBlock() rejects %s: %s', (info, text, message) => {
  expect(checkBlock(block(info, text), repository)).toContain(message)
})

test('checkBlock() rejects a fence that is not closed', () => {
  expect(checkBlock(extractBlocks('a.md', '```ts\na')[0]!, repository)).toBe('the fence is not closed')
})

test('isProgram() is true of complete ts and js blocks only', () => {
  expect(['ts', 'js', 'ts from=source.ts'].map((info) => isProgram(block(info)))).toEqual([true, true, true])
  expect(['json', 'sh', 'ts fragment from=source.ts'].some((info) => isProgram(block(info)))).toBe(false)
})
