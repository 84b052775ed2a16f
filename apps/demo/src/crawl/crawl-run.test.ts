import { expect, test } from 'vitest'
import type { CrawlState } from './crawl.ts'
import { type CrawlRun, findProblem } from './crawl-run.ts'

function state(pages: Record<string, number>): CrawlState {
  const fetched = Object.entries(pages).map(
    ([path, status]) => [path, { status, title: '', links: [] }] as const,
  )
  return { fetched: new Map(fetched), open: [], queued: 0 }
}

const good: CrawlRun = {
  crawlers: 1,
  reachable: { pages: ['/', '/a'], broken: ['/gone'] },
  whenKilled: state({ '/': 200 }),
  atEnd: state({ '/': 200, '/a': 200, '/gone': 404 }),
  requestsWhenKilled: { '/': 1, '/a': 1 },
  requests: { '/': 1, '/a': 2, '/gone': 1 },
  milliseconds: 1,
}

test.each([
  ['nothing, when only a page in hand was fetched twice', {}, undefined],
  ['a page that is missing', { atEnd: state({ '/': 200, '/gone': 404 }) }, '1 pages were lost, such as /a'],
  [
    'a page with the wrong status',
    { atEnd: state({ '/': 200, '/a': 404, '/gone': 404 }) },
    '1 pages were lost, such as /a',
  ],
  [
    'a page that was done and fetched again',
    { requests: { '/': 2, '/a': 1, '/gone': 1 } },
    '1 pages were done and yet fetched again, such as /',
  ],
  [
    'more repeats than crawlers',
    { requests: { '/': 1, '/a': 3, '/gone': 1 } },
    '2 requests were made again, by 1 crawlers',
  ],
])('findProblem() finds %s', (_, change: Partial<CrawlRun>, problem) => {
  expect(findProblem({ ...good, ...change })).toBe(problem)
})
