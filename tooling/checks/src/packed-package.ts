import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runCommand } from './run-command.ts'

/** A public package as `pnpm publish` would send it: with `workspace:` and `catalog:` versions resolved. */
export type PackedPackage = {
  readonly name: string
  readonly tarball: string
  /** Paths inside the package. */
  readonly files: readonly string[]
  /** Files that its `exports` name. */
  readonly targets: readonly string[]
  /** What users may import, such as `@diskcache/adapters/keyv`. */
  readonly entries: readonly string[]
  /** The frameworks that its users bring along, as arguments of `npm install`. */
  readonly peers: readonly string[]
}

type Manifest = {
  readonly name: string
  readonly private?: boolean
  readonly exports: Record<string, unknown>
  readonly peerDependencies?: Record<string, string>
}

/** Packs public packages below `root`, all or those with these names, into `destination`. They have to be built before. */
export function packPackages(root: string, destination: string, names?: readonly string[]): PackedPackage[] {
  const folders = globSync('packages/*/package.json', { cwd: root }).map((path) => join(root, dirname(path)))
  return folders.sort().flatMap((folder) => {
    const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const isWanted = !manifest.private && (names?.includes(manifest.name) ?? true)
    return !isWanted ? [] : [packPackage(folder, manifest, destination)]
  })
}

function packPackage(folder: string, manifest: Manifest, destination: string): PackedPackage {
  const { name, exports, peerDependencies = {} } = manifest
  if (!existsSync(join(folder, 'dist'))) throw new Error(`Cannot pack "${name}": it is not built`)

  const printed = runCommand('pnpm', ['pack', '--json', '--pack-destination', destination], folder)
  const { filename, files }: { filename: string; files: { path: string }[] } = JSON.parse(printed)
  return {
    name,
    tarball: filename,
    files: files.map(({ path }) => path),
    targets: targetsOf(exports),
    entries: Object.keys(exports)
      .filter((entry) => entry !== './package.json')
      .map((entry) => name + entry.slice(1)),
    peers: Object.entries(peerDependencies).map(([peer, range]) => `${peer}@${range}`),
  }
}

function targetsOf(target: unknown): string[] {
  if (typeof target === 'string') return [target.replace('./', '')]
  return Object.values(target as object).flatMap(targetsOf)
}
