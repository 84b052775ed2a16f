import { posix } from 'node:path'
import type { Page } from './documentation-page.ts'
import { pageLinks } from './page-links.ts'

const FOLDER = 'apps/docs/'
const INDEX = `${FOLDER}README.md`

/** Paths of the pages below apps/docs to which no way leads from its index. */
export function unreachablePages(pages: readonly Page[]): string[] {
  const ours = new Map(pages.filter(({ path }) => path.startsWith(FOLDER)).map((page) => [page.path, page]))
  const reached = new Set([INDEX])
  // A set goes on with what is added meanwhile.
  for (const path of reached) for (const target of linkedPages(ours.get(path))) reached.add(target)
  return [...ours.keys()].filter((path) => !reached.has(path))
}

function linkedPages(page: Page | undefined): string[] {
  if (page === undefined) return []
  const targets = pageLinks(page).map(({ target }) => target.replace(/[#?].*/, ''))
  return targets.filter(Boolean).map((target) => posix.join(posix.dirname(page.path), target))
}
