import { expect, test } from 'vitest'
import type { PackedPackage } from '../packed-package.ts'
import { neededPackages } from './needed-packages.ts'

function packed(name: string, dependencies: string[]): PackedPackage {
  const manifest = { name, version: '1.0.0', exports: {} }
  return { name, dependencies, manifest, tarball: '', files: [], targets: [], entries: [], moduleEntries: [] }
}

const PACKAGES = [
  packed('adapters', ['cache', 'recipes', 'http']),
  packed('cache', ['core', 'sqlite']),
  packed('core', []),
  packed('recipes', ['core']),
  packed('redis', ['core']),
]

test.for([
  [['redis'], ['core', 'redis']],
  [['adapters'], ['adapters', 'cache', 'core', 'recipes']],
  [
    ['core', 'redis'],
    ['core', 'redis'],
  ],
  [['sqlite'], []],
])('neededPackages(%j) is %j', ([names, needed]) => {
  expect(neededPackages(names!, PACKAGES).map(({ name }) => name)).toEqual(needed)
})
