import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runCommand } from './run-command.ts'

/** A public package as `pnpm publish` would send it: with `workspace:` and `catalog:` versions resolved. */
export interface PackedPackage {
  readonly name: string
  readonly tarball: string
  /** Paths inside the package. */
  readonly files: readonly string[]
  /** Files that its `exports` name. */
  readonly targets: readonly string[]
  /** What users may import, such as `@diskcache/adapters/keyv`. */
  readonly entries: readonly string[]
  /** What it depends on, by name. */
  readonly dependencies: readonly string[]
  readonly manifest: Manifest
}

export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

/** Packs the public packages below `root` into `destination`. They have to be built before. */
export async function packPackages(root: string, destination: string): Promise<PackedPackage[]> {
  const folders = globSync('packages/*/package.json', { cwd: root }).map((path) => join(root, dirname(path)))
  const packed: PackedPackage[] = []
  for (const folder of folders.sort()) {
    const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    if (!manifest.private) packed.push(await packPackage(folder, manifest, destination))
  }
  return packed
}

async function packPackage(folder: string, manifest: Manifest, destination: string): Promise<PackedPackage> {
  const { name, exports, dependencies = {} } = manifest
  if (!existsSync(join(folder, 'dist'))) throw new Error(`Cannot pack "${name}": it is not built`)

  const { stdout } = await runCommand('pnpm', ['pack', '--json', '--pack-destination', destination], folder)
  const { filename, files }: { filename: string; files: { path: string }[] } = JSON.parse(stdout)
  return {
    name,
    tarball: filename,
    files: files.map(({ path }) => path),
    targets: targetsOf(exports),
    entries: Object.keys(exports)
      .filter((entry) => entry !== './package.json')
      .map((entry) => name + entry.slice(1)),
    dependencies: Object.keys(dependencies),
    manifest,
  }
}

function targetsOf(target: unknown): string[] {
  if (typeof target === 'string') return [target.replace('./', '')]
  return Object.values(target as object).flatMap(targetsOf)
}
