import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Manifest, publicPackages } from './public-packages.ts'
import { runCommand } from './run-command.ts'

/** A public package as `pnpm publish` would send it: with `workspace:` and `catalog:` versions resolved. */
export interface PackedPackage {
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
  /** What it depends on, by name. */
  readonly dependencies: readonly string[]
  readonly manifest: Manifest
}

/** Packs the public packages below `root` into `destination`. They have to be built before. */
export async function packPackages(root: string, destination: string): Promise<PackedPackage[]> {
  const packed: PackedPackage[] = []
  for (const { folder, manifest } of publicPackages(root))
    packed.push(await packPackage(folder, manifest, destination))
  return packed
}

async function packPackage(folder: string, manifest: Manifest, destination: string): Promise<PackedPackage> {
  const { name, exports, dependencies = {} } = manifest
  if (!existsSync(join(folder, 'dist'))) throw new Error(`Cannot pack "${name}": it is not built`)

  const { stdout } = await runCommand('pnpm', ['pack', '--json', '--pack-destination', destination], folder)
  const { filename, files }: { filename: string; files: { path: string }[] } = JSON.parse(stdout)
  const doors = Object.entries(exports).filter(([door]) => door !== './package.json')
  const namesOf = (chosen: typeof doors) => chosen.map(([door]) => name + door.slice(1))
  return {
    name,
    tarball: filename,
    files: files.map(({ path }) => path),
    targets: targetsOf(exports),
    entries: namesOf(doors.filter(([, target]) => hasRequire(target))),
    moduleEntries: namesOf(doors.filter(([, target]) => !hasRequire(target))),
    dependencies: Object.keys(dependencies),
    manifest,
  }
}

function hasRequire(target: unknown): boolean {
  return typeof target === 'object' && target !== null && 'require' in target
}

function targetsOf(target: unknown): string[] {
  if (typeof target === 'string') return [target.replace('./', '')]
  return Object.values(target as object).flatMap(targetsOf)
}
