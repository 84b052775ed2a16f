import { globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** An entry point of a package, as users import it, and the source file behind it. */
export interface PackageDoor {
  readonly specifier: string
  readonly source: string
}

/** Lists the entry points of all packages below `root`, from the `exports` of their manifests. */
export function packageDoors(root: string): PackageDoor[] {
  return globSync('packages/*/package.json', { cwd: root })
    .sort()
    .flatMap((manifest) => {
      const { name, exports } = JSON.parse(readFileSync(join(root, manifest), 'utf8')) as {
        name: string
        exports: Record<string, unknown>
      }
      const paths = Object.keys(exports).filter((path) => !path.endsWith('.json'))
      return paths.map((path) => ({
        specifier: join(name, path),
        source: resolve(root, dirname(manifest), 'src', path, 'index.ts'),
      }))
    })
}
