import { join } from 'node:path'
import { Deque, Index } from '@diskcache/collections'
import type { Page } from './page.ts'

/** How long a crawler waits for a page before it looks whether the crawl is done, in milliseconds. */
const PATIENCE = 100

/** How far a crawl is. */
export interface CrawlState {
  readonly fetched: ReadonlyMap<string, Page>
  /** Found, but not fetched yet. */
  readonly open: readonly string[]
  /** How many of the open ones are in the frontier; a crawler has taken the others, or was about to add them. */
  readonly queued: number
}

/**
 * A crawl by several processes, which may be killed at any point.
 *
 * The index alone says how far the crawl is: it has every page that was found, with `null` until that page is fetched.
 * The frontier only deals the open pages out, each to one crawler, and can be made again from the index. What a kill
 * does, wherever it strikes:
 *
 * - after a page was taken: the frontier has lost it, the index still has it as open;
 * - while a page is stored: it is one transaction, so the page is fetched and its links are found, or neither;
 * - before the links are in the frontier: the index has them as open.
 *
 * So whoever starts the crawlers calls `resume` first, and that is all.
 */
export class Crawl implements Disposable {
  readonly #frontier: Deque<string>
  readonly #pages: Index<string, Page | null>

  constructor(frontier: Deque<string>, pages: Index<string, Page | null>) {
    this.#frontier = frontier
    this.#pages = pages
  }

  static in(directory: string): Crawl {
    return new Crawl(new Deque(join(directory, 'frontier')), new Index(join(directory, 'pages')))
  }

  /**
   * Starts the crawl, or continues it: fills the frontier with all open pages. While crawlers run, this loses nothing
   * either, but what they have in hand is fetched twice.
   */
  resume(start: string): void {
    this.#pages.setDefault(start, () => null)
    this.#frontier.transact(() => {
      // Read in here: links that a crawler stores after this, it adds to the frontier after the transaction.
      const open = readOpen(this.#pages)
      this.#frontier.clear()
      this.#frontier.extend(open)
    })
  }

  /** Takes pages to fetch from the frontier, waits for more when there are none, and ends when the crawl is done. */
  async *take(): AsyncGenerator<string> {
    for (;;) {
      const path = await this.#frontier.promises.takeLeft({ timeout: PATIENCE })
      if (path === undefined) {
        if (await this.#isDone()) return
      } else if ((await this.#pages.promises.get(path)) === null) yield path
    }
  }

  /** Stores a page, and adds to the frontier those of its links that nobody has found before; gives their number. */
  async store(path: string, page: Page): Promise<number> {
    const found = await this.#pages.promises.transact((pages) => {
      const found = page.links.filter((link) => !pages.has(link))
      pages.set(path, page)
      for (const link of found) pages.set(link, null)
      return found
    })
    await this.#frontier.promises.extend(found)
    return found.length
  }

  state(): CrawlState {
    return this.#pages.transact(() => ({
      fetched: new Map(this.#pages.entries().filter(isFetched)),
      open: readOpen(this.#pages),
      queued: this.#frontier.length,
    }))
  }

  /** New pages are found only by fetching one: when none is open, none ever will be. */
  #isDone(): Promise<boolean> {
    // In a transaction, as otherwise a page could be stored, and its links be missed, while this looks at the others.
    return this.#pages.promises.transact((pages) =>
      pages.values({ reverse: true }).every((page) => page !== null),
    )
  }

  [Symbol.dispose](): void {
    this.#frontier.close()
    this.#pages.close()
  }
}

function readOpen(pages: Index<string, Page | null>): string[] {
  const open = pages.entries().filter(([, page]) => page === null)
  return open.map(([path]) => path).toArray()
}

function isFetched(entry: [string, Page | null]): entry is [string, Page] {
  return entry[1] !== null
}
