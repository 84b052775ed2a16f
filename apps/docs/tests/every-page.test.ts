import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { BuiltSite } from './built-site.ts'
import { describeChromium } from './chromium-test.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** One page of each kind; `DISKCACHE_ALL_PAGES=1` takes all. */
const SAMPLE = [
  '/',
  '/tutorial/',
  '/benchmarks/',
  '/keyv/',
  '/reference/',
  '/reference/recipes/functions/getOrSet/',
]

const PAGES = process.env.DISKCACHE_ALL_PAGES ? new BuiltSite().addresses() : SAMPLE
const WIDTHS = [375, 1_280]

describeChromium('in Chromium', (test) => {
  test.for(WIDTHS)(
    'no page has a serious fault by axe, or is too wide, at %i pixels',
    async (width, { page, origin }) => {
      await page.setViewportSize({ width, height: 800 })
      const faults: string[] = []
      for (const address of PAGES) {
        await page.goto(origin + address)
        const widest = await page.evaluate(() => document.documentElement.scrollWidth)
        if (widest > width) faults.push(`${address}: ${widest} pixels wide`)
        faults.push(...(await seriousFaults(page)).map((fault) => `${address}: ${fault}`))
      }
      expect(faults).toEqual([])
    },
  )

  test('in the dark neither', async ({ page, origin }) => {
    await page.emulateMedia({ colorScheme: 'dark' })
    const faults: string[] = []
    for (const address of PAGES) {
      await page.goto(origin + address)
      faults.push(...(await seriousFaults(page)).map((fault) => `${address}: ${fault}`))
    }
    expect(faults).toEqual([])
  })
})

/** Returns what axe finds serious or critical, as `rule: element`. */
async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`))
}
