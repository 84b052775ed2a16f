import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { type Page, pageOf } from './documentation-page.ts'
import { pageAnchors, pageLinks } from './page-links.ts'

const HOME = 'https://github.com/diskcache/diskcache-node'
const RAW = 'https://raw.githubusercontent.com/diskcache/diskcache-node'

/** Links of the page that lead nowhere, or not from everywhere where the page is read, each as `line N: …`. */
export function brokenLinks(page: Page, root: string): string[] {
  return pageLinks(page).flatMap(({ line, target }) => {
    const problem = target.startsWith('https://')
      ? checkAddress(target, root)
      : checkRelative(target, page, root)
    return problem ? [`line ${line}: "${target}" ${problem}`] : []
  })
}

function checkAddress(target: string, root: string): string | undefined {
  if (!isBelow(target, HOME) && !isBelow(target, RAW)) return
  if (target === HOME || isBelow(target, `${HOME}/issues`)) return
  const [, kind = 'blob', path] =
    new RegExp(`^(?:${HOME}/(blob|tree)|${RAW})/main/([^#?]+)`).exec(target) ?? []
  if (path === undefined) return 'is no file or folder of the branch main'
  if (!existsSync(join(root, path))) return 'leads to nothing'
  if (kindOf(path, root) !== kind) return 'mixes blob and tree up'
  return checkAnchor(path, target, root)
}

function checkRelative(target: string, page: Page, root: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return
  const path = posix.join(posix.dirname(page.path), decodeURI(target.replace(/[#?].*/, '')))
  const own = target.startsWith('#') ? page.path : path
  if (own.startsWith('..') || !existsSync(join(root, own))) return 'leads to nothing'
  if (leavesPackage(own, page.path))
    return `leads out of the package; write ${HOME}/${kindOf(own, root)}/main/${own}`
  return checkAnchor(own, target, root)
}

/** The page of a package is also read at the registry, where the rest of the repository is not. */
function leavesPackage(path: string, page: string): boolean {
  return /^packages\/[^/]+\/README\.md$/.test(page) && !path.startsWith(`${posix.dirname(page)}/`)
}

function checkAnchor(path: string, target: string, root: string): string | undefined {
  const [, anchor] = target.split('#')
  if (!anchor || !path.endsWith('.md')) return
  const page = pageOf(path, readFileSync(join(root, path), 'utf8'))
  if (!pageAnchors(page).has(anchor)) return `names no heading of ${path}`
}

/** What stands before the branch in the address of the path. */
function kindOf(path: string, root: string): 'blob' | 'tree' {
  return statSync(join(root, path)).isDirectory() ? 'tree' : 'blob'
}

function isBelow(target: string, address: string): boolean {
  return target === address || target.startsWith(`${address}/`)
}
