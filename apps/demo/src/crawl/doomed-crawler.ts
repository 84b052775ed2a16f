/** For tests: a crawler that kills itself. Arguments: the directory of the crawl, the origin of the website, where. */
import { join } from 'node:path'
import { Deque, Index } from '@diskcache/collections'
import { runWorker } from '../worker.ts'
import { Crawl } from './crawl.ts'
import { fetchPage, type Page } from './page.ts'

/**
 * - `taken`: with a page in hand that is not fetched yet.
 * - `fetched`: with one that is fetched and not stored.
 * - `storing`: in the transaction that stores it, which has written the page and not its links.
 * - `stored`: when that is committed, and its links are not in the frontier.
 * - `queueing`: in the transaction that adds them.
 * - `queued`: before it takes the next one.
 * - `resuming`: in the transaction that fills the frontier, which has been emptied.
 */
export type Doom = 'taken' | 'fetched' | 'storing' | 'stored' | 'queueing' | 'queued' | 'resuming'

await runWorker(async ([directory, origin, doom]) => {
  let taken = 0
  const reach = (point: Doom) => {
    // The first page is done well, so that every crawler gets somewhere.
    if (point === doom && (taken > 1 || point === 'resuming')) process.kill(process.pid, 'SIGKILL')
  }

  class DoomedFrontier extends Deque<string> {
    override extend(paths: Iterable<string>): void {
      reach('resuming')
      reach('stored')
      super.extend(paths)
      reach('queueing')
    }
  }

  class DoomedPages extends Index<string, Page | null> {
    override set(path: string, page: Page | null): this {
      if (page === null) reach('storing')
      return super.set(path, page)
    }
  }

  const frontier = new DoomedFrontier(join(directory!, 'frontier'))
  using crawl = new Crawl(frontier, new DoomedPages(join(directory!, 'pages')))
  if (doom === 'resuming') crawl.resume('/')
  for await (const path of crawl.take()) {
    taken++
    reach('taken')
    const page = await fetchPage(origin!, path)
    reach('fetched')
    await crawl.store(path, page)
    reach('queued')
  }
})
