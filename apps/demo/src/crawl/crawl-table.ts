import { formatCount, formatSeconds } from '../output/figures.ts'
import { createTable } from '../output/table.ts'
import { type CrawlRun, countRequests, lostPages, repeatedPages, wastedPages } from './crawl-run.ts'

export function crawlTable(run: CrawlRun): string {
  const { fetched, open } = run.atEnd
  const broken = fetched.values().filter(({ status }) => status === 404)
  const before = countRequests(run.requestsWhenKilled)
  const table = createTable([`${run.crawlers} crawlers, killed and started again`, ''])
  table.push(
    ['pages found', formatCount(fetched.size + open.length)],
    ['broken links among them', formatCount(broken.toArray().length)],
    ['fetched before the kill', formatCount(before)],
    ['fetched after it', formatCount(countRequests(run.requests) - before)],
    ['fetched twice, in hand when killed', formatCount(repeatedPages(run).length)],
    ['fetched twice although done', formatCount(wastedPages(run).length)],
    ['lost', formatCount(lostPages(run).length)],
    ['time', formatSeconds(run.milliseconds)],
  )
  return table.toString()
}
