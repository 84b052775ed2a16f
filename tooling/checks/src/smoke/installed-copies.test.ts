import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test as base, expect } from 'vitest'
import { installedCopies, nativeFiles } from './installed-copies.ts'

const test = base.extend<{ install: (path: string) => string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names of the fixtures here
  install: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'diskcache-copies-'))
    await use((path) => {
      const file = join(folder, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, '')
      return folder
    })
    rmSync(folder, { recursive: true })
  },
})

test('installedCopies() finds copies in copies, and one for all its links', ({ install }) => {
  install('node_modules/a/node_modules/core/package.json')
  install('node_modules/core/lib/package.json')
  const folder = install('node_modules/.pnpm/core@1/node_modules/core/package.json')
  symlinkSync(join(folder, 'node_modules/.pnpm/core@1/node_modules/core'), join(folder, 'node_modules/b'))
  expect(installedCopies(folder, 'core')).toEqual([
    join(folder, 'node_modules/.pnpm/core@1/node_modules/core'),
    join(folder, 'node_modules/a/node_modules/core'),
  ])
})

test('nativeFiles() finds binaries, and packages that bring one', ({ install }) => {
  install('node_modules/pure/index.js')
  const folder = install('node_modules/a/prebuilds/linux.node')
  install('node_modules/.pnpm/x/node_modules/better-sqlite3/package.json')
  expect(nativeFiles(folder).sort()).toEqual([
    'node_modules/.pnpm/x/node_modules/better-sqlite3/package.json',
    'node_modules/a/prebuilds/linux.node',
  ])
})
