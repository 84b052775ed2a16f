import { readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

/** Native modules, and packages that bring one. */
const NATIVE = /\.node$|(^|\/)(better-sqlite3|msgpackr-extract)\/package\.json$/

/** The real folders below `folder` in which `name` is installed. */
export function installedCopies(folder: string, name: string): string[] {
  const copies = filesBelow(folder).filter((path) => path.endsWith(`node_modules/${name}/package.json`))
  return [...new Set(copies.map((path) => realpathSync(join(folder, path, '..'))))].sort()
}

/** Files of native modules that are installed below `folder`. */
export function nativeFiles(folder: string): string[] {
  return filesBelow(folder).filter((path) => NATIVE.test(path))
}

/** Links are not followed: pnpm's lead to folders that are there, too. */
function filesBelow(folder: string): string[] {
  const paths = readdirSync(join(folder, 'node_modules'), { recursive: true, encoding: 'utf8' })
  return paths.map((path) => `node_modules/${path.replaceAll('\\', '/')}`)
}
