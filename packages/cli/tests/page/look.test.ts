import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Cache } from '@diskcache/cache'
import type * as axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { describeChromium } from './chromium-test.ts'
import { fillWithAllKinds } from './entries-of-all-kinds.ts'
import { at, partsOf } from './page-parts.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Places of the page, and what is there once it is complete. */
const PLACES: readonly (readonly [place: string, query: Record<string, string>, ready: string])[] = [
  ['entries', {}, 'table.entries a'],
  ['entries', { kind: 'text', text: 'o', entry: 'sorder:7' }, 'aside .json'],
  ['entries', { entry: 'sdamaged' }, 'aside pre.hex'],
  ['entries', { text: 'nothing like this' }, '.empty'],
  ['sizes', {}, 'table.bars'],
  ['live', {}, '.chart svg'],
]

/** Returns what axe finds serious or critical, as `rule: element`. */
async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    }),
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}

const options = { fill: (directory: string) => fillWithAllKinds(directory, 10), isLong: true }

describeChromium('the page', options, (test) => {
  test.for(['light', 'dark'] as const)(
    'has no serious fault by axe, %s',
    async (colorScheme, { page, url }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      for (const [place, query, ready] of PLACES) {
        await page.goto(at(url, place, query))
        await page.locator(ready).first().waitFor()
        expect([place, query, await seriousFaults(page)]).toEqual([place, query, []])
      }
      await page.goto(at(url, 'entries', { entry: 'sorder:7' }))
      const { entry, dialog } = partsOf(page)
      await entry.getByRole('button', { name: 'Change expiry' }).click()
      await dialog.waitFor()
      expect(await seriousFaults(page)).toEqual([])
    },
  )

  test.for([400, 1400])('is never wider than %d pixels', async (width, { page, url }) => {
    await page.setViewportSize({ width, height: 800 })
    for (const [place, query, ready] of PLACES) {
      await page.goto(at(url, place, query))
      await page.locator(ready).first().waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    }
  })

  test('draws bars under a policy without inline styles', async ({ page, url }) => {
    await page.goto(at(url, 'sizes'))
    const bar = page.locator('table.bars .bar span').first()
    await bar.waitFor()
    expect((await bar.boundingBox())?.width).toBeGreaterThan(10)
    expect(await bar.evaluate((element) => getComputedStyle(element).display)).toBe('block')
  })
})

describeChromium('the page and its server', options, (test) => {
  test('says that the server is lost, and goes on when it is back', async ({ page, url, directory }) => {
    await page.goto(url)
    const { key } = partsOf(page)
    await key('damaged').waitFor()
    await page.context().setOffline(true)
    await page.getByText('The server does not answer.').waitFor()
    await key('damaged').waitFor()
    using cache = new Cache(directory)
    cache.set('written meanwhile', 1)
    await page.context().setOffline(false)
    await key('written meanwhile').waitFor()
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' })
  })

  test('says that somebody has to log in again, however the application does', async ({ page, url }) => {
    await page.goto(url)
    const { key } = partsOf(page)
    await key('damaged').waitFor()
    const notice = page.getByText('The answer was not that of the inspector: reload the page to log in.')
    for (const answer of [
      { status: 302, headers: { Location: '/login' } },
      { status: 401, json: { message: 'Unauthorized' } },
      { status: 200, contentType: 'text/html', body: '<form>login</form>' },
    ]) {
      await page.route('**/api/*', (route) => route.fulfill(answer))
      await notice.waitFor()
      await key('damaged').waitFor()
      await page.unroute('**/api/*')
      await notice.waitFor({ state: 'detached' })
    }
  })

  test('asks nothing while it is not visible', async ({ page, url }) => {
    await page.goto(url)
    await partsOf(page).key('damaged').waitFor()
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
    })
    await page.waitForLoadState('networkidle')
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.waitForTimeout(1500)
    expect(asked).toEqual([])
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await expect.poll(() => asked.length).toBeGreaterThan(0)
  })
})
