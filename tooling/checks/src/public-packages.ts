import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What the checks read of a package.json. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

/** A package that is published. */
export type PublicPackage = {
  /** Its absolute path. */
  readonly folder: string
  readonly manifest: Manifest
}

/** Returns the packages below `root` that are published: the layers in packages/, and the test kit. */
export function publicPackages(root: string): PublicPackage[] {
  return globSync('{packages,tooling}/*/package.json', { cwd: root })
    .sort()
    .map((path) => ({
      folder: join(root, dirname(path)),
      manifest: JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest,
    }))
    .filter(({ manifest }) => !manifest.private)
}
