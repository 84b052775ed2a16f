import { Cache } from '@diskcache/cache'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { describeChromium } from './chromium-test.ts'
import { partsOf } from './page-parts.ts'

const ENTRIES = 1_000_000
const AT_ONCE = 50_000

function fill(directory: string): void {
  using cache = new Cache(directory, { sizeLimit: 8 * 1024 ** 3 })
  for (let first = 0; first < ENTRIES; first += AT_ONCE) {
    const items = Array.from(
      { length: AT_ONCE },
      (_, i) => [`item:${first + i}`, { number: first + i }] as const,
    )
    cache.setMany(items, { tag: `part ${first / AT_ONCE}` })
  }
}

/** Measures, in the page, how long its questions took, in milliseconds. */
async function timesOf(page: Page, question: string): Promise<number[]> {
  return page.evaluate(
    (part) =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.includes(part))
        .map(({ duration }) => Math.round(duration)),
    question,
  )
}

describeChromium('a million entries', { fill, isLong: true }, (test) => {
  test('show their first page, each step of a search, their sums and samples at once', async ({
    page,
    url,
  }) => {
    await page.goto(url)
    const { rows, search, status, key } = partsOf(page)
    await rows.first().waitFor()
    await search.fill('item:777777')
    await key('item:777777').waitFor({ timeout: 30_000 })
    await expect.poll(() => status.textContent(), { timeout: 30_000 }).toBe('1 entry')
    await page.getByRole('link', { name: 'Sizes' }).click()
    await page.getByText('1,000,000 entries counted').waitFor({ timeout: 60_000 })
    await page.getByRole('link', { name: 'Live' }).click()
    await page.getByRole('img', { name: /^Entries: 1,000,000 now/ }).waitFor({ timeout: 30_000 })
    for (const question of ['overview', 'entries', 'survey', 'live']) {
      console.log(question, 'answered within', (await timesOf(page, `api/${question}`)).join(', '), 'ms')
    }
  })
})
