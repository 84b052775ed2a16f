import { join } from 'node:path'
import { runWorkers } from '../run-workers.ts'
import type { PageReport } from './crawler.ts'

export interface Crawlers {
  /** Of the crawl. */
  readonly directory: string
  /** Of the website. */
  readonly origin: string
  readonly count: number
  readonly onPage: (report: PageReport) => void
  /** Kills all crawlers with kill -9. */
  readonly kill?: AbortSignal | undefined
}

/** Runs several crawlers until the crawl is done or they were killed. */
export async function runCrawlers({ directory, origin, count, onPage, kill }: Crawlers): Promise<void> {
  const module = join(import.meta.dirname, 'crawler.ts')
  try {
    await runWorkers<PageReport>({ module, args: [directory, origin], count, onReport: onPage, signal: kill })
  } catch (error) {
    if (!kill?.aborted || error !== kill.reason) throw error
  }
}
