import type { CrawlState } from './crawl.ts'
import type { Requests } from './site-server.ts'
import type { Reachable } from './walk-site.ts'

/** A crawl whose crawlers were killed in the middle, and started again. */
export interface CrawlRun {
  readonly crawlers: number
  /** What there is to find. */
  readonly reachable: Reachable
  readonly whenKilled: CrawlState
  readonly atEnd: CrawlState
  readonly requestsWhenKilled: Requests
  readonly requests: Requests
  readonly milliseconds: number
}

/** The paths that should be in the result, but are not, or not with the right status. */
export function lostPages({ reachable, atEnd }: CrawlRun): string[] {
  const statusOf = (path: string) => atEnd.fetched.get(path)?.status
  return [
    ...reachable.pages.filter((path) => statusOf(path) !== 200),
    ...reachable.broken.filter((path) => statusOf(path) !== 404),
  ]
}

/** The paths that were asked for more than once. */
export function repeatedPages({ requests }: CrawlRun): string[] {
  return Object.keys(requests).filter((path) => requests[path]! > 1)
}

/** Those of them that were done when the crawlers were killed. */
export function wastedPages(run: CrawlRun): string[] {
  return repeatedPages(run).filter((path) => run.whenKilled.fetched.has(path))
}

export function countRequests(requests: Requests): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0)
}

/** What went wrong, as a sentence. */
export function findProblem(run: CrawlRun): string | undefined {
  const lost = lostPages(run)
  if (lost.length > 0) return `${lost.length} pages were lost, such as ${lost[0]}`
  const wasted = wastedPages(run)
  if (wasted.length > 0) return `${wasted.length} pages were done and yet fetched again, such as ${wasted[0]}`
  const repeats = countRequests(run.requests) - Object.keys(run.requests).length
  if (repeats > run.crawlers) return `${repeats} requests were made again, by ${run.crawlers} crawlers`
  return undefined
}
