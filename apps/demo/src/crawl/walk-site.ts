import { linksIn } from './links.ts'
import { HOME, type Site } from './site.ts'

/** Where links lead, beginning at the home page. */
export interface Reachable {
  readonly pages: readonly string[]
  /** Paths without a page. */
  readonly broken: readonly string[]
}

/** Follows all links in memory: what a crawl has to find. */
export function walkSite(site: Site): Reachable {
  const found = new Set([HOME])
  // A set is iterated to its end, what is added on the way included.
  for (const path of found) {
    for (const link of linksIn(site.get(path) ?? '', path)) found.add(link)
  }
  return {
    pages: [...found].filter((path) => site.has(path)),
    broken: [...found].filter((path) => !site.has(path)),
  }
}
