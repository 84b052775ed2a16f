import { type Browser, chromium, type Page } from 'playwright-core'
import { test as baseTest, expect } from 'vitest'
import { findChromium } from '../src/chromium.ts'
import { serve } from '../src/serve.ts'
import { TemporaryDirectory } from './temporary-directory.ts'

const executablePath = findChromium()

interface Fixtures {
  readonly browser: Browser
  readonly directory: string
  readonly origin: string
  readonly page: Page
}

/** The application and a window of a headless Chromium, which must not complain about anything. */
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
  directory: async ({}, use) => {
    await using directory = await TemporaryDirectory.make()
    await use(directory.path)
  },
  origin: async ({ directory }, use) => {
    await using serving = await serve(0, { directory, queryTime: 1 })
    await use(serving.origin)
  },
  page: async ({ browser }, use) => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
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
