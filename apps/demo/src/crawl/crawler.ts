/** One of several processes that crawl together. Arguments: the directory of the crawl, the origin of the website. */
import { runWorker } from '../worker.ts'
import { Crawl } from './crawl.ts'
import { fetchPage } from './page.ts'

/** What a crawler says of a page that it has stored. */
export interface PageReport {
  /** How many links of the page were new. */
  readonly found: number
}

await runWorker<PageReport>(async ([directory, origin], report) => {
  using crawl = Crawl.in(directory!)
  for await (const path of crawl.take()) {
    const page = await fetchPage(origin!, path)
    const found = await crawl.store(path, page)
    await report({ found })
  }
})
