import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runWorkers } from '../run-workers.ts'
import { Crawl } from './crawl.ts'
import type { Doom } from './doomed-crawler.ts'
import { fetchPage, type Page } from './page.ts'
import { runCrawlers } from './run-crawlers.ts'
import { SMALL_WEBSITE, serveSmallWebsite } from './small-website.ts'

const COUNT = SMALL_WEBSITE.length

/** On Windows, nothing tells a process that was killed from one that ended: such tests are skipped. */
const crashTest = test.skipIf(process.platform === 'win32')

let directory: string
let crawl: Crawl

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'demo-crawl-'))
  crawl = Crawl.in(directory)
})

afterEach(() => {
  crawl[Symbol.dispose]()
  for (const name of ['frontier', 'pages']) {
    using cache = new Cache(join(directory, name))
    expect(cache.check()).toEqual([])
  }
  rmSync(directory, { recursive: true })
})

function page(...links: string[]): Page {
  return { status: 200, title: '', links }
}

describe('without a server', () => {
  test('Crawl.store() adds each link once, whoever finds it', async () => {
    crawl.resume('/')
    using other = Crawl.in(directory)
    expect(await crawl.store('/', page('/a', '/b', '/'))).toBe(2)
    expect(await other.store('/a', page('/b', '/c'))).toBe(1)
    expect(await crawl.store('/a', page('/b', '/c'))).toBe(0)
    expect(crawl.state()).toMatchObject({ open: ['/b', '/c'], queued: 4 })
  })

  test('Crawl.take() gives no page that is fetched, and each of the others to one crawler', async () => {
    crawl.resume('/')
    using other = Crawl.in(directory)
    await crawl.store('/', page('/a', '/b'))
    const [mine, its] = [crawl.take(), other.take()]
    const taken = [(await mine.next()).value, (await its.next()).value]
    expect(taken.sort()).toEqual(['/a', '/b'])
  })

  test('Crawl.take() does not end while another crawler has a page in hand that may have links', async () => {
    crawl.resume('/')
    using other = Crawl.in(directory)
    expect(await crawl.take().next()).toMatchObject({ value: '/' })
    const crawler = other.take()
    const next = crawler.next()
    expect(await Promise.race([next, delay(300, 'waits')])).toBe('waits')
    await crawl.store('/', page('/a'))
    expect(await next).toEqual({ value: '/a', done: false })
    const end = [crawl.take().next(), crawler.next()]
    await crawl.store('/a', page())
    expect(await Promise.all(end)).toEqual(Array(2).fill({ value: undefined, done: true }))
  })

  test('Crawl.resume() fills the frontier with what is open, however often', async () => {
    for (let time = 0; time < 2; time++) crawl.resume('/')
    expect(crawl.state()).toEqual({ fetched: new Map(), open: ['/'], queued: 1 })
    await crawl.take().next()
    expect(crawl.state().queued).toBe(0)
    crawl.resume('/')
    expect(crawl.state().queued).toBe(1)
    await crawl.store('/', page('/a'))
    for (let time = 0; time < 2; time++) crawl.resume('/')
    expect(crawl.state()).toEqual({ fetched: new Map([['/', page('/a')]]), open: ['/a'], queued: 1 })
  })
})

let website: Awaited<ReturnType<typeof serveSmallWebsite>>

beforeEach(async () => {
  website = await serveSmallWebsite()
})

afterEach(() => website.close())

/** Has a crawler killed again and again, each time further on; gives how often. */
async function killUntilDone(doom: Doom): Promise<number> {
  const module = join(import.meta.dirname, 'doomed-crawler.ts')
  for (let kills = 0; ; kills++) {
    crawl.resume('/')
    const before = [...crawl.state().fetched.keys()]
    try {
      await runWorkers({ module, args: [directory, website.origin, doom], count: 1 })
      return kills
    } catch (error) {
      expect(String(error)).toContain('SIGKILL')
    }
    expect([...crawl.state().fetched.keys()]).toEqual(expect.arrayContaining(before))
  }
}

function countRequests(): number {
  return website.requests.values().reduce((sum, count) => sum + count)
}

crashTest.each(['taken', 'stored', 'queueing', 'queued'] as const)(
  'on a website a crawler that is killed when a page is %s loses nothing and repeats nothing',
  async (doom) => {
    expect(await killUntilDone(doom)).toBeGreaterThan(2)
    expect([...crawl.state().fetched.keys()].sort()).toEqual(SMALL_WEBSITE)
    expect(countRequests()).toBe(COUNT)
  },
)

crashTest.each(['fetched', 'storing'] as const)(
  'on a website a crawler that is killed when a page is %s loses nothing and repeats that page',
  async (doom) => {
    const kills = await killUntilDone(doom)
    expect(kills).toBeGreaterThan(2)
    expect([...crawl.state().fetched.keys()].sort()).toEqual(SMALL_WEBSITE)
    expect(countRequests()).toBe(COUNT + kills)
  },
)

crashTest('on a website Crawl.resume() changes nothing when it is killed', async () => {
  crawl.resume('/')
  await crawl.store('/', await fetchPage(website.origin, '/'))
  const before = crawl.state()
  const module = join(import.meta.dirname, 'doomed-crawler.ts')
  const doomed = runWorkers({ module, args: [directory, website.origin, 'resuming'], count: 1 })
  await expect(doomed).rejects.toThrow('SIGKILL')
  expect(crawl.state()).toEqual(before)
})

test('on a website several crawlers that are killed together, again and again, repeat at most what they had in hand', async () => {
  const CRAWLERS = 3
  let kills = 0
  for (let done = false; !done; ) {
    crawl.resume('/')
    const before = new Map(website.requests)
    const fetched = [...crawl.state().fetched.keys()]
    const kill = new AbortController()
    let stored = 0
    await runCrawlers({
      directory,
      origin: website.origin,
      count: CRAWLERS,
      kill: kill.signal,
      onPage: () => ++stored === 2 && kill.abort(),
    })
    for (const path of fetched) expect(website.requests.get(path)).toBe(before.get(path))
    if (kill.signal.aborted) kills++
    else done = true
  }
  expect([...crawl.state().fetched.keys()].sort()).toEqual(SMALL_WEBSITE)
  expect(kills).toBeGreaterThan(0)
  expect(countRequests()).toBeLessThanOrEqual(COUNT + CRAWLERS * kills)
})
