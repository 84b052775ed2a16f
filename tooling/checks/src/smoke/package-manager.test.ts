import { expect, test } from 'vitest'
import { applicationFiles, NPM, OTHER_MANAGERS, PNPM } from './package-manager.ts'

const DEPENDENCIES = { '@diskcache/cache': 'file:/cache.tgz', keyv: '^5' }
const TARBALLS = { '@diskcache/cache': 'file:/cache.tgz', '@diskcache/core': 'file:/core.tgz' }
const MANIFEST = { name: 'application', version: '1.0.0', private: true, dependencies: DEPENDENCIES }

function filesFor(manager: typeof NPM): Record<string, unknown> {
  const files = Object.entries(applicationFiles(manager, DEPENDENCIES, TARBALLS))
  return Object.fromEntries(files.map(([name, content]) => [name, JSON.parse(content)]))
}

test('applicationFiles() tells each manager in its own way where the packages are', () => {
  expect(filesFor(NPM)).toEqual({ 'package.json': { ...MANIFEST, overrides: TARBALLS } })
  expect(filesFor(PNPM)).toEqual({
    'package.json': MANIFEST,
    'pnpm-workspace.yaml': { overrides: TARBALLS },
  })
  const others = Object.fromEntries(OTHER_MANAGERS.map((manager) => [manager.title, filesFor(manager)]))
  expect(others['pnpm 10']).toEqual({ 'package.json': { ...MANIFEST, pnpm: { overrides: TARBALLS } } })
  expect(others['Yarn 1']).toEqual({ 'package.json': { ...MANIFEST, resolutions: TARBALLS } })
})
