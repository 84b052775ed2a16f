/** Takes the pictures of the inspector that are in the documentation, of a cache as a shop would fill it: two minutes. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Cache, type Key } from '@diskcache/cache'
import { Lock } from '@diskcache/recipes'
import { chromium, type Page } from 'playwright-core'
import { findChromium } from '../../../apps/express/src/chromium.ts'
import { fewerColours } from '../../../apps/express/src/pictures/fewer-colours.ts'
import { png } from '../../../apps/express/src/pictures/png.ts'
import { readPng } from '../../../apps/express/src/pictures/read-png.ts'
import { InspectorProcess } from './page/inspector-process.ts'
import { at, partsOf } from './page/page-parts.ts'
import { fillShop, PastClock, workASecond } from './page/shop-cache.ts'

const CONTEND = resolve(import.meta.dirname, 'page/contend-for-lock.ts')

/** What is shown in the place of the temporary directory. */
const NAME = '/var/cache/shop'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '110' },
    target: { type: 'string', default: resolve(import.meta.dirname, '../../../apps/docs/images') },
    dark: { type: 'boolean', default: false },
  },
})

async function take(page: Page, name: string): Promise<void> {
  const picture = await readPng(await page.screenshot())
  await writeFile(join(values.target, `inspector-${name}.png`), await png(fewerColours(picture)))
}

async function takeAll(page: Page, url: string): Promise<void> {
  await page.goto(at(url, 'live'))
  await page.waitForTimeout(Number(values.seconds) * 1000)
  await take(page, 'live')
  await page.goto(at(url, 'sizes'))
  await page.getByText(/entries counted$/).waitFor()
  await take(page, 'sizes')
  await page.goto(at(url, 'entries'))
  const { rows, value } = partsOf(page)
  await rows.getByText('new', { exact: true }).first().waitFor()
  await take(page, 'entries')
  await page.goto(at(url, 'entries', { prefix: 'session:' }))
  await rows.nth(6).locator('a.key').click()
  await value.getByText('cart').waitFor()
  await page.mouse.move(0, 0)
  await take(page, 'entry')
}

/** Lets the shop work, each second, and now and then somebody wait for a lock. */
function work(cache: Cache<Key, unknown>, directory: string): Disposable {
  let second = 0
  const timer = setInterval(() => workASecond(cache, second++), 1000)
  const contending = [0, 1, 2].map(() => spawn(process.execPath, [CONTEND, directory, 'send mails']))
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
      for (const child of contending) child.kill()
    },
  }
}

async function takeFrom(url: string): Promise<void> {
  await using browser = await chromium.launch({
    executablePath: findChromium() ?? '',
    args: ['--no-sandbox'],
  })
  const colorScheme = values.dark ? 'dark' : 'light'
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, colorScheme })
  await page.route('**/api/overview', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), name: NAME } })
  })
  await takeAll(page, url)
}

async function withShop(directory: string): Promise<void> {
  const clock = new PastClock()
  using cache = new Cache<Key, unknown>(directory, {
    ...{ statistics: true, sizeLimit: 5 * 1024 ** 2, clock: clock.now },
  })
  await fillShop(cache, clock)
  using _working = work(cache, directory)
  await using _report = await new Lock(cache, 'nightly report').acquire()
  await using inspector = await InspectorProcess.start(directory)
  await takeFrom(inspector.url)
}

const directory = await mkdtemp(join(tmpdir(), 'diskcache-shop-'))
try {
  await withShop(directory)
} finally {
  await rm(directory, { recursive: true, force: true })
}
