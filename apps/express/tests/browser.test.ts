import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { describeChromium } from './chromium-test.ts'
import { ShopProcess } from './shop-process.ts'

/** Waits until the page about the cache shows a URL that was answered from it so often. */
async function seeHits(page: Page, path: string, hits: number): Promise<void> {
  await page.locator(`tr[data-path="${path}"] [data-hits="${hits}"]`).waitFor()
}

describeChromium('in Chromium', (test) => {
  test('a click stores a page, a reload is a hit, and a purge by tag makes it new', async ({
    page,
    origin,
    browser,
  }) => {
    const watcher = await browser.newPage()
    await watcher.goto(`${origin}/cache`)
    await watcher.getByText('Nothing is stored').waitFor()

    await page.goto(origin)
    await page.getByText('The Rabbit').click()
    await page.getByRole('heading', { name: 'The Rabbit' }).waitFor()
    await seeHits(watcher, '/prints/rabbit', 0)

    const reloaded = await page.reload()
    expect(reloaded?.headers()['cache-status']).toContain('hit')
    await seeHits(watcher, '/prints/rabbit', 1)

    await watcher.getByRole('button', { name: 'Purge print:rabbit' }).click()
    await watcher.locator('tr[data-path="/prints/rabbit"]').waitFor({ state: 'detached' })
    await watcher.locator('tr[data-path="/prints/rabbit/picture.png"]').waitFor()

    const again = await page.reload()
    expect(again?.headers()['cache-status']).toMatch(/fwd=.*stored/)
    await seeHits(watcher, '/prints/rabbit', 0)
  })

  test('a purge of a URL removes that one', async ({ page, origin }) => {
    await page.goto(`${origin}/prints/fern`)
    await page.goto(`${origin}/cache`)
    await page.getByRole('button', { name: 'Purge /prints/fern', exact: true }).click()
    await page.locator('tr[data-path="/prints/fern"]').waitFor({ state: 'detached' })
    await page.locator('tr[data-path="/prints/fern/picture.png"]').waitFor()
  })
})

describeChromium('in Chromium, with others', (test) => {
  test('who logs in and orders is never in the list', async ({ page, origin }) => {
    await page.goto(`${origin}/account`)
    await page.getByLabel('Name').fill('<b>Ada</b>')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('heading', { name: 'Hello, <b>Ada</b>' }).waitFor()
    await page.goto(`${origin}/prints/fern`)
    await page.getByRole('button', { name: 'Order' }).click()
    await page.getByRole('listitem').filter({ hasText: 'fern' }).waitFor()
    await page.reload()

    await page.goto(`${origin}/cache`)
    await page.locator('.visits').getByText('GET /account').first().waitFor()
    await page.locator('tr[data-path="/prints/fern/picture.png"]').waitFor()
    expect(await page.locator('tr[data-path^="/account"]').count()).toBe(0)
  })

  test('what keeps the focus does so while the page follows the cache', async ({ page, origin }) => {
    await page.goto(`${origin}/prints/fern`)
    await page.goto(`${origin}/cache`)
    const button = page.getByRole('button', { name: 'Purge pages' })
    await button.focus()
    await fetch(`${origin}/prints/dragon`)
    await page.locator('tr[data-path="/prints/dragon"]').waitFor()
    await page.keyboard.press('Enter')
    await page.locator('tr[data-path="/prints/fern"]').waitFor({ state: 'detached' })
  })

  test('a second process shows the same, and what it purges goes from the page of the first', async ({
    page,
    origin,
    directory,
    browser,
  }) => {
    await using other = await ShopProcess.start(directory)
    await page.goto(`${origin}/prints/fern`)
    await page.goto(`${origin}/cache`)
    await page.locator('tr[data-path="/prints/fern"]').waitFor()

    const second = await browser.newPage()
    await second.goto(`${other.origin}/cache`)
    await second.locator('tr[data-path="/prints/fern"]').waitFor()
    await second.getByRole('button', { name: 'Purge /prints/fern', exact: true }).click()
    await page.locator('tr[data-path="/prints/fern"]').waitFor({ state: 'detached' })
  })
})
