import { expect, test } from 'vitest'
import { pageOf } from './documentation-page.ts'
import { testRepository } from './test-repository.ts'
import { wrongInstallLines } from './wrong-install-lines.ts'

const FILES = {
  'packages/adapters/package.json': JSON.stringify({
    peerDependencies: { keyv: '5', express: '5' },
    peerDependenciesMeta: { keyv: { optional: true }, express: { optional: true } },
  }),
  'packages/adapters/src/keyv/index.ts': "import type { Keyv } from 'keyv'",
  'packages/adapters/src/express/index.ts': "import type { Request } from 'express'",
  'packages/cli/package.json': JSON.stringify({ bin: { diskcache: 'main.js' } }),
  'packages/redis/package.json': JSON.stringify({ peerDependencies: { redis: '6' } }),
  'apps/docs/node_modules/nest/package.json': JSON.stringify({ peerDependencies: { rxjs: '7' } }),
  'apps/nest/app.ts': "import { a } from 'nest'\na()\n",
}

/** What is wrong with a page of this program and these lines. */
function problemsOf(program: string, install: string, words = ''): string[] {
  const markdown = `\`\`\`console\n${install}\n\`\`\`\n\`\`\`ts ${words}\n${program}\n\`\`\`\n`
  return wrongInstallLines(pageOf('a.md', markdown), testRepository(FILES))
}

test.each([
  ["import { a } from 'a'", 'npm install a'],
  ["import {\n  a,\n} from 'a/b'\nimport '@c/d/e'", 'npm install a@5 @c/d@^2 # both'],
  ["const a = require('a'), b = await import('b')", 'npm install a\nnpm install --save-dev b'],
  ["import 'node:fs'\nimport 'fs'\nimport './a.ts'", ''],
  ["import { createKeyv } from '@diskcache/adapters/keyv'", 'npm install @diskcache/adapters keyv'],
  ["import '@diskcache/redis'", 'npm install @diskcache/redis redis'],
  ["import 'nest'", 'npm install nest rxjs'],
  ['', 'npm install --global @diskcache/cli\ndiskcache info ./cache'],
])('wrongInstallLines() accepts %j with %j', (program, install) => {
  expect(problemsOf(program, install)).toEqual([])
})

test.each([
  ["import { a } from 'a'", '', ['imports a, which no "npm install" names']],
  ['', 'npm install a', ['installs a, which no example imports']],
  ['', 'npm install @diskcache/cli', ['installs @diskcache/cli, which no example imports']],
  [
    "import '@diskcache/adapters/keyv'",
    'npm install @diskcache/adapters',
    ['imports keyv, which no "npm install" names'],
  ],
  [
    "import '@diskcache/adapters/express'",
    'npm install @diskcache/adapters express rxjs',
    ['installs rxjs, which no example imports'],
  ],
  [
    "import '@diskcache/redis'",
    'npm install @diskcache/redis',
    ['imports redis, which no "npm install" names'],
  ],
])('wrongInstallLines() rejects %j with %j', (program, install, problems) => {
  expect(problemsOf(program, install)).toEqual(problems)
})

test('wrongInstallLines() lets a page install what the file imports from which it quotes', () => {
  expect(problemsOf('a()', 'npm install nest rxjs', 'fragment from=apps/nest/app.ts')).toEqual([])
  expect(problemsOf('a()', '', 'fragment from=apps/nest/app.ts')).toEqual([])
})
