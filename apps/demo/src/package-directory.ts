import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** The path up to the name of the package, which follows the last `node_modules` and may have a scope. */
export function packageDirectory(path: string): string {
  return path.match(/^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/)?.[0] ?? path
}

/** `typescript 6.0.3` */
export function packageTitle(directory: string): string {
  const manifest = join(directory, 'package.json')
  if (!existsSync(manifest)) return basename(directory)
  const { name, version } = JSON.parse(readFileSync(manifest, 'utf8'))
  return `${name} ${version}`
}
