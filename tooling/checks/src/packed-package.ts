import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type PublicPackage, publicPackages } from './public-packages.ts'
import { runCommand } from './run-command.ts'

/** A public package as `pnpm publish` would send it: with `workspace:` and `catalog:` versions resolved. */
export type PackedPackage = {
  readonly name: string
  readonly tarball: string
  /** Paths inside the package. */
  readonly files: readonly string[]
  /** Files that its `exports` name. */
  readonly targets: readonly string[]
  /** What any program may import and require, such as `@diskcache/adapters/keyv`. */
  readonly entries: readonly string[]
  /** What can only be imported, because it runs inside Vitest, such as `@diskcache/testkit`. */
  readonly moduleEntries: readonly string[]
  /** The frameworks that its users bring along, as arguments of `npm install`. */
  readonly peers: readonly string[]
}

/** Packs public packages below `root`, all or those with these names, into `destination`. They must have been built. */
export function packPackages(root: string, destination: string, names?: readonly string[]): PackedPackage[] {
  return publicPackages(root)
    .filter(({ manifest }) => names?.includes(manifest.name) ?? true)
    .map((wanted) => packPackage(wanted, destination))
}

function packPackage({ folder, manifest }: PublicPackage, destination: string): PackedPackage {
  const { name, exports, peerDependencies = {} } = manifest
  if (!existsSync(join(folder, 'dist'))) throw new Error(`Cannot pack "${name}": it is not built`)

  const printed = runCommand('pnpm', ['pack', '--json', '--pack-destination', destination], folder)
  const { filename, files }: { filename: string; files: { path: string }[] } = JSON.parse(printed)
  const doors = Object.entries(exports).filter(([door]) => door !== './package.json')
  const namesOf = (chosen: typeof doors) => chosen.map(([door]) => name + door.slice(1))
  return {
    name,
    tarball: filename,
    files: files.map(({ path }) => path),
    targets: targetsOf(exports),
    entries: namesOf(doors.filter(([, target]) => hasRequire(target))),
    moduleEntries: namesOf(doors.filter(([, target]) => !hasRequire(target))),
    peers: Object.entries(peerDependencies).map(([peer, range]) => `${peer}@${range}`),
  }
}

function hasRequire(target: unknown): boolean {
  return typeof target === 'object' && target !== null && 'require' in target
}

function targetsOf(target: unknown): string[] {
  if (typeof target === 'string') return [target.replace('./', '')]
  return Object.values(target as object).flatMap(targetsOf)
}
