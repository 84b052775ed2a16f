import { expect } from 'vitest'
import { describeChromium } from './chromium-test.ts'

describeChromium('in Chromium', (test) => {
  test('the search finds a function in the guides and in the reference', async ({ page, origin }) => {
    await page.goto(origin)
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('searchbox').fill('getOrSet')
    await page.locator('.result[href^="/recipes/get-or-set/"]').first().waitFor()
    await page.locator('.result[href^="/reference/recipes/functions/getOrSet/"]').first().waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: /getOrSet/ }).waitFor()
  })

  test('the search finds an error by its code', async ({ page, origin }) => {
    await page.goto(origin)
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('searchbox').fill('ERR_DISKCACHE_TIMEOUT')
    await page.locator('.result').first().waitFor()
    const first = await page.locator('.result').first().getAttribute('href')
    expect(first).toBe('/troubleshooting/#err_diskcache_timeout')
  })

  test('a click makes it dark, and it stays so', async ({ page, origin }) => {
    await page.goto(`${origin}/promises/`)
    const isDark = () => page.evaluate(() => document.documentElement.classList.contains('dark'))
    const before = await isDark()
    await page.locator('.VPNavBarAppearance button').click()
    expect(await isDark()).toBe(!before)
    await page.reload()
    expect(await isDark()).toBe(!before)
  })

  test('on a phone the pages are in a menu, and nothing is wider than the screen', async ({
    page,
    origin,
  }) => {
    await page.setViewportSize({ width: 375, height: 720 })
    for (const path of ['/', '/promises/', '/benchmarks/', '/reference/cache/classes/Cache/']) {
      await page.goto(origin + path)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
    }
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.locator('.VPSidebar a', { hasText: '@diskcache/recipes' }).click()
    await page.waitForURL('**/reference/recipes/')
  })
})
