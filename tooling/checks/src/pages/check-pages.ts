/**
 * Checks that the pages of the documentation hold together: every link and every path that contributors are told leads
 * somewhere, and the index of apps/docs to every page there. Prints one line per problem; the exit code is 1 when there is any.
 */
import { existsSync, globSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findPages } from './find-pages.ts'
import { anchorsOf, type PageLink, pageLinks, quotedPaths } from './page-links.ts'

const INDEX = 'apps/docs/README.md'

/** Its links are right in the page that is made of it. */
const TEMPLATE = /-template\.md$/

/** What programs make, and git ignores. */
const MADE = /\/\.cache$/

/** Records of decisions name what was there when they were made. */
const OF_THEIR_TIME = /^apps\/docs\/adr\/\d/

/** Returns the links below `root` that lead nowhere, each as `page: message`. */
export function brokenLinks(root: string): string[] {
  return findPages(root)
    .filter((page) => !TEMPLATE.test(page))
    .flatMap((page) =>
      pageLinks(root, page)
        .filter((link) => !leadsSomewhere(root, link))
        .map(({ text }) => `${page}: the link to "${text}" leads nowhere`),
    )
}

function leadsSomewhere(root: string, { path, anchor }: PageLink): boolean {
  if (!existsSync(join(root, path))) return false
  return anchor === undefined || !path.endsWith('.md') || anchorsOf(root, path).includes(anchor)
}

/** Returns the paths that pages quote and that are not there, each as `page: message`. */
export function stalePaths(root: string): string[] {
  return findPages(root)
    .filter((page) => !OF_THEIR_TIME.test(page))
    .flatMap((page) =>
      quotedPaths(root, page)
        .filter((path) => !MADE.test(path) && globSync(path, { cwd: root }).length === 0)
        .map((path) => `${page}: there is no "${path}"`),
    )
}

/** Returns the pages below apps/docs that no way leads to from its index, each as `page: message`. */
export function unreachablePages(root: string): string[] {
  const pages = findPages(root).filter((page) => page.startsWith('apps/docs/'))
  const reached = new Set([INDEX])
  // A set goes on with what is added meanwhile.
  for (const page of reached) {
    for (const { path } of existsSync(join(root, page)) ? pageLinks(root, page) : [])
      if (pages.includes(path)) reached.add(path)
  }
  return pages.filter((page) => !reached.has(page)).map((page) => `${page}: no way leads to it from ${INDEX}`)
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '../../../..')
  const problems = [...brokenLinks(root), ...stalePaths(root), ...unreachablePages(root)]
  for (const problem of problems) console.log(problem)
  console.log(`${findPages(root).length} pages, ${problems.length} problems`)
  process.exitCode = problems.length > 0 ? 1 : 0
}
