import { existsSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { HOME } from '../repository.ts'
import { pageAt, siteAddress } from './site-pages.ts'

const FILE_ON_THE_WEB = new RegExp(`^${HOME}/(?:blob|tree)/main/`)

/**
 * Where a link of a page leads in the site: to another page, if the site has it, else to the file of the repository on
 * the web. A link to nothing stays, so that the build fails of it.
 */
export function siteLink(target: string, page: string, root: string): string {
  const [path, rest] = splitPath(target)
  const file = FILE_ON_THE_WEB.test(target)
    ? path.replace(FILE_ON_THE_WEB, '')
    : relativePath(path, posix.dirname(page))
  if (file === undefined) return target
  const other = pageAt(file, root)
  if (other) return siteAddress(other) + rest
  return existsSync(join(root, file)) ? addressOf(file, root) + rest : target
}

function relativePath(path: string, folder: string): string | undefined {
  return path === '' || /^(?:\/|[a-z]+:)/.test(path) ? undefined : posix.join(folder, decodeURI(path))
}

function splitPath(target: string): [path: string, rest: string] {
  const at = target.search(/[#?]/)
  return at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at)]
}

function addressOf(file: string, root: string): string {
  return `${HOME}/${statSync(join(root, file)).isDirectory() ? 'tree' : 'blob'}/main/${file}`
}
