/** Takes the picture of the page about the cache that is in the documentation, after some visits to the shop. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findChromium } from './chromium.ts'
import { fewerColours } from './pictures/fewer-colours.ts'
import { png } from './pictures/png.ts'
import { readPng } from './pictures/read-png.ts'
import { serve } from './serve.ts'

const WINDOW = { width: 1100, height: 900 }

const { values } = parseArgs({
  options: {
    dark: { type: 'boolean', default: false },
    path: { type: 'string', default: '/cache' },
    target: { type: 'string', default: resolve(import.meta.dirname, '../../docs/images/express.png') },
  },
})
const colorScheme = values.dark ? 'dark' : 'light'

/** Prints in the order in which they are looked at. */
const VISITS = ['rabbit', 'galaxy', 'rabbit', 'lightning', 'rabbit', 'galaxy', 'dragon', 'rabbit']

async function visit(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/account/login`)
  await page.getByLabel('Name').fill('Ada')
  await page.getByRole('button', { name: 'Log in' }).click()
  for (const id of VISITS) {
    await page.goto(origin, { waitUntil: 'networkidle' })
    await page.locator(`a[href="/prints/${id}"]`).click()
    await page.waitForLoadState('networkidle')
  }
  await page.goto(`${origin}/prints/dragon`)
  await page.getByRole('button', { name: 'Order' }).click()
  await page.waitForURL(`${origin}/account`)
  for (const path of ['/', '/prints/galaxy', '/sales.csv', '/sales.csv'])
    await page.request.get(origin + path)
  await page.goto(`${origin}/prints/rabbit`, { waitUntil: 'networkidle' })
}

async function take(browser: Browser, directory: string, path: string): Promise<void> {
  await using serving = await serve(0, { directory, queryTime: 250 })
  await using context = await browser.newContext({ viewport: WINDOW, deviceScaleFactor: 2, colorScheme })
  const page = await context.newPage()
  await visit(page, serving.origin)
  await page.goto(serving.origin + values.path)
  await page.waitForLoadState('networkidle')
  const picture = await readPng(await page.screenshot({ fullPage: true }))
  await writeFile(path, await png(fewerColours(picture)))
}

const executablePath = findChromium()
if (executablePath === undefined) throw new Error('Cannot take a screenshot: Chromium is not installed')
const directory = await mkdtemp(join(tmpdir(), 'diskcache-express-'))
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
try {
  await take(browser, directory, values.target)
} finally {
  await browser.close()
  await rm(directory, { recursive: true, force: true })
}
