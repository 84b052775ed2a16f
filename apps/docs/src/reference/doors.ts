import { globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/** What users write after `import … from`. */
export interface Door {
  /** For example `@diskcache/adapters/keyv`. */
  readonly name: string
  /** Where its exports stand, below the root of the repository. */
  readonly source: string
  /** What its package is. */
  readonly description: string
}

interface Manifest {
  readonly name: string
  readonly description: string
  readonly exports: Readonly<Record<string, unknown>>
}

/** For authors of engines, who read the source. */
const NOT_IN_THE_REFERENCE: readonly string[] = ['@diskcache/core/sqlite']

/**
 * Every door of every package that the reference describes, in the order of their names. So `@diskcache/cache` stands
 * before `@diskcache/core`, and what both export is described where users look for it.
 */
export function referenceDoors(root: string): Door[] {
  return globSync('packages/*/package.json', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .flatMap((path) => doorsOf(path, root))
    .filter(({ name }) => !NOT_IN_THE_REFERENCE.includes(name))
}

/** What the reference calls the door in its addresses and folders, for example `adapters/keyv`. */
export function shortName(door: string): string {
  return door.replace('@diskcache/', '')
}

function doorsOf(path: string, root: string): Door[] {
  const manifest: Manifest = JSON.parse(readFileSync(join(root, path), 'utf8'))
  return Object.keys(manifest.exports)
    .filter((door) => door !== './package.json')
    .map((door) => ({
      name: manifest.name + door.slice(1),
      source: posix.join(posix.dirname(path), 'src', door, 'index.ts'),
      description: manifest.description,
    }))
}
