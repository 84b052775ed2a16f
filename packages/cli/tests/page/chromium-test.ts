import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { test as baseTest, expect } from 'vitest'
import { findChromium } from '../../../../apps/express/src/chromium.ts'
import { InspectorProcess } from './inspector-process.ts'

const executablePath = findChromium()

/** What Chromium says of an answer that is an error, or of none: that is what a test may be about. */
const OF_THE_NETWORK = /^Failed to load resource/

interface Fixtures {
  readonly $file: { readonly directory: string; readonly url: string }
  readonly $test: { readonly page: Page }
}

/** Fills the directory of a file of tests before an inspector looks into it. */
export type Fill = (directory: string) => void | Promise<void>

/** One headless Chromium for all files of a worker. */
const browserTest = baseTest.extend<{ $worker: { readonly browser: Browser } }>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads from the pattern what a fixture needs
    async ({}, use) => {
      await using browser = await chromium.launch({
        executablePath: executablePath ?? '',
        args: ['--no-sandbox'],
      })
      await use(browser)
    },
    { scope: 'worker' },
  ],
})

export type ChromiumTest = ReturnType<typeof chromiumTest>

/** A window of Chromium, which must not complain about anything, and one inspector for all tests of a file. */
function chromiumTest(fill: Fill, args: readonly string[]) {
  return browserTest.extend<Fixtures>({
    directory: [
      // biome-ignore lint/correctness/noEmptyPattern: as above
      async ({}, use) => {
        const directory = mkdtempSync(join(realpathSync(tmpdir()), 'diskcache-inspector-'))
        await fill(directory)
        await use(directory)
        rmSync(directory, { recursive: true, force: true })
      },
      { scope: 'file' },
    ],
    url: [
      async ({ directory }, use) => {
        await using inspector = await InspectorProcess.start(directory, ...args)
        await use(inspector.url)
      },
      { scope: 'file' },
    ],
    page: async ({ browser }, use) => {
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
      page.setDefaultTimeout(20_000)
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('dialog', (dialog) => complaints.push(dialog.message()))
      page.on('console', (message) => {
        const isWrong = message.type() === 'error' || message.type() === 'warning'
        if (isWrong && !OF_THE_NETWORK.test(message.text())) complaints.push(message.text())
      })
      await use(page)
      expect(complaints).toEqual([])
      await page.close()
    },
  })
}

/**
 * Tests that need Chromium. Without one they are skipped, but fail where it is required. Long ones are for
 * `DISKCACHE_ALL_PLATFORMS=1`.
 */
export function describeChromium(
  name: string,
  { fill, args = [], isLong = false }: { fill: Fill; args?: readonly string[]; isLong?: boolean },
  body: (test: ChromiumTest) => void,
): void {
  if (isLong && !process.env.DISKCACHE_ALL_PLATFORMS)
    return void baseTest.skip(`${name}: set DISKCACHE_ALL_PLATFORMS=1`)
  if (executablePath !== undefined) {
    const test = chromiumTest(fill, args)
    return void baseTest.describe(name, () => body(test))
  }
  if (process.env.DISKCACHE_REQUIRE_CHROMIUM) throw new Error('Chromium is required, and not installed')
  baseTest.skip(`${name}: Chromium is not installed`)
}
