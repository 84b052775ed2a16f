import { type Browser, chromium, type Page } from 'playwright-core'
import { test as baseTest, expect } from 'vitest'
import { findChromium } from '../../express/src/chromium.ts'
import { SITE } from './built-site.ts'
import { StaticServer } from './static-server.ts'

const executablePath = findChromium()

interface Fixtures {
  readonly browser: Browser
  readonly origin: string
  readonly page: Page
}

/** The site in a window of a headless Chromium, which must not complain, nor ask other servers. */
const chromiumTest = baseTest.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads from the pattern what a fixture needs
  browser: async ({}, use) => {
    await using browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox'],
    })
    await use(browser)
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  origin: async ({}, use) => {
    await using server = await StaticServer.start(SITE)
    await use(server.origin)
  },
  page: async ({ browser, origin }, use) => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('request', (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(origin))
        complaints.push(request.url())
    })
    await use(page)
    expect(complaints).toEqual([])
    await page.close()
  },
})

/** Tests that need Chromium. Without one they are skipped, but fail where it is required. */
export function describeChromium(name: string, body: (test: typeof chromiumTest) => void): void {
  if (executablePath !== undefined) return void baseTest.describe(name, () => body(chromiumTest))
  if (process.env.DISKCACHE_REQUIRE_CHROMIUM) throw new Error('Chromium is required, and not installed')
  baseTest.skip(`${name}: Chromium is not installed`)
}
