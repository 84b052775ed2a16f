import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatCount } from '../output/figures.ts'
import { startProgress } from '../output/progress.ts'
import { say } from '../output/say.ts'
import { Crawl, type CrawlState } from './crawl.ts'
import type { CrawlRun } from './crawl-run.ts'
import { runCrawlers } from './run-crawlers.ts'
import { HOME } from './site.ts'
import { Website } from './website.ts'

const CRAWLERS = 4

/** A page that is lost would keep the crawlers waiting for ever; so long is enough for any machine, in milliseconds. */
const TIME_LIMIT = 120_000

/** Crawls the documentation of the packages below `directory`, with a kill in the middle; says what happens. */
export async function crawlWebsite(directory: string, output: NodeJS.WriteStream): Promise<CrawlRun> {
  await using website = await Website.start(directory)
  const home = mkdtempSync(join(tmpdir(), 'diskcache-crawl-'))
  try {
    return await crawlInTwoParts(home, website, output)
  } finally {
    rmSync(home, { recursive: true })
  }
}

async function crawlInTwoParts(
  directory: string,
  website: Website,
  output: NodeJS.WriteStream,
): Promise<CrawlRun> {
  const start = performance.now()
  using crawl = Crawl.in(directory)
  const part = { crawl, directory, website, output }
  say(announce(website), output)
  await crawlPart(part, Math.floor(countReachable(website) / 2))
  const whenKilled = crawl.state()
  const requestsWhenKilled = await website.requests()
  say(describeKill(whenKilled), output)
  await crawlPart(part)
  return {
    crawlers: CRAWLERS,
    reachable: website.reachable,
    whenKilled,
    atEnd: crawl.state(),
    requestsWhenKilled,
    requests: await website.requests(),
    milliseconds: performance.now() - start,
  }
}

interface Part {
  readonly crawl: Crawl
  readonly directory: string
  readonly website: Website
  readonly output: NodeJS.WriteStream
}

/** Begins the crawl or goes on with it; kills the crawlers when so many pages are fetched. */
async function crawlPart({ crawl, directory, website, output }: Part, killAt = Infinity): Promise<void> {
  crawl.resume(HOME)
  const { fetched, open } = crawl.state()
  let done = fetched.size
  let found = done + open.length
  const kill = new AbortController()
  const progress = startProgress({
    total: countReachable(website),
    done,
    unit: 'pages',
    note: describeFound(found),
    output,
  })
  try {
    await runCrawlers({
      directory,
      origin: website.origin,
      count: CRAWLERS,
      kill: AbortSignal.any([kill.signal, AbortSignal.timeout(TIME_LIMIT)]),
      onPage: (page) => {
        done++
        found += page.found
        progress.show(done, describeFound(found))
        if (done >= killAt) kill.abort()
      },
    })
  } finally {
    progress.stop()
  }
}

function countReachable({ reachable }: Website): number {
  return reachable.pages.length + reachable.broken.length
}

function describeFound(found: number): string {
  return `${formatCount(found)} found`
}

function announce({ origin, reachable }: Website): string {
  return `
A website of ${formatCount(reachable.pages.length)} pages at ${origin}, with links to ${formatCount(reachable.broken.length)} more that are not there, and ${CRAWLERS} processes that crawl it. The frontier is a Deque, which deals each page out to one of them. The result is an Index of every page that was found: a page is stored together with the links that it adds, in one transaction.`
}

function describeKill({ fetched, open, queued }: CrawlState): string {
  return `kill -9, all ${CRAWLERS} crawlers: ${formatCount(fetched.size)} pages are fetched, ${formatCount(queued)} are in the frontier, ${formatCount(open.length - queued)} were between the two.
The Index has them all: what it has without a result, ${formatCount(open.length)} pages, goes into the frontier, and ${CRAWLERS} new crawlers continue.`
}
