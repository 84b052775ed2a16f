import { Cache } from '@diskcache/cache'
import { expect } from 'vitest'
import { type ChromiumTest, describeChromium } from './chromium-test.ts'
import { fillWithAllKinds, HIDDEN, HOSTILE, LONG } from './entries-of-all-kinds.ts'
import { at, partsOf } from './page-parts.ts'

const OTHERS = 20_000

const full = { fill: (directory: string) => fillWithAllKinds(directory, OTHERS), isLong: true }

describeChromium('the list', full, (test) => {
  isFound(test)
  isRead(test)
  isWalked(test)
})

function isFound(test: ChromiumTest): void {
  test('shows the newest first, a page at a time', async ({ page, url }) => {
    await page.goto(url)
    const { status, rows, key } = partsOf(page)
    await key('order:7').waitFor()
    expect(await status.textContent()).toMatch(/^\d+ of 20,0\d\d entries$/)
    const count = await rows.count()
    expect(count).toBeLessThan(1000)
    await page.getByRole('button', { name: 'More entries' }).click()
    await expect.poll(() => rows.count()).toBe(2 * count)
    expect(await rows.nth(2 * count - 1).textContent()).toContain('item:')
  })

  test('is searched while somebody types, and says how many were found', async ({ page, url }) => {
    await page.goto(url)
    const { search, status, rows } = partsOf(page)
    await search.pressSequentially('item:1234')
    await expect.poll(() => status.textContent()).toBe('11 entries')
    expect(await rows.count()).toBe(11)
    await search.fill('ORDER:')
    await expect.poll(() => status.textContent()).toBe('1 entry')
    await search.fill('nothing like this')
    await page.getByRole('heading', { name: 'No entry is like that' }).waitFor()
    await page.getByRole('button', { name: 'Show all entries' }).click()
    await expect.poll(() => status.textContent()).toContain(' of 20,0')
    expect(await search.inputValue()).toBe('')
  })

  test('is filtered by tag, kind and expiry, as chips that go', async ({ page, url, directory }) => {
    await page.goto(url)
    const { filters, status, rows, key } = partsOf(page)
    await page.getByRole('button', { name: 'texts', exact: true }).click()
    await expect.poll(() => status.textContent()).toBe('1 entry')
    await key('text:poem').waitFor()
    await page.getByRole('button', { name: 'Remove the filter tag: texts' }).click()
    await filters.focus()
    await filters.selectOption({ label: 'items' })
    await expect.poll(() => status.textContent()).toMatch(/^The first \d+ entries$/)
    expect(await rows.filter({ hasNotText: 'item:' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Remove the filter tag: items' }).click()
    using cache = new Cache(directory)
    cache.set('old', 'expired', { ttl: 1 })
    await filters.selectOption({ label: 'expired' })
    await key('old').waitFor()
    await expect.poll(() => status.textContent()).toBe('1 entry')
    cache.expire()
    await page.goBack()
    await page.goBack()
    await page.getByRole('button', { name: 'Remove the filter tag: items' }).waitFor()
  })

  test('is filtered by a namespace, from the sizes', async ({ page, url }) => {
    await page.goto(at(url, 'sizes'))
    const byNamespace = page.getByRole('region', { name: 'By namespace' })
    await byNamespace.getByRole('button', { name: 'text', exact: true }).click()
    const { status, key } = partsOf(page)
    await key('text:poem').waitFor()
    expect(await status.textContent()).toBe('1 entry')
    await page.getByRole('button', { name: 'Remove the filter namespace: text' }).waitFor()
  })
}

function isRead(test: ChromiumTest): void {
  test('is sorted by a column, turned round, and as before', async ({ page, url }) => {
    await page.goto(url)
    const { rows } = partsOf(page)
    const first = async () => rows.first().locator('a.key').textContent()
    const size = page.getByRole('button', { name: 'Size' })
    await size.click()
    await expect.poll(first).toBe('large')
    const heading = page.getByRole('columnheader', { name: 'Size' })
    expect(await heading.getAttribute('aria-sort')).toBe('descending')
    await size.click()
    await expect.poll(first).not.toBe('large')
    await size.click()
    expect(await heading.getAttribute('aria-sort')).toBe(null)
    await expect.poll(first).toBe('damaged')
  })

  test('shows hostile keys as text, with escapes for what does not show', async ({ page, url }) => {
    await page.goto(url)
    const { rows, key, entry } = partsOf(page)
    await key(HOSTILE).waitFor()
    await key('invoice\\u202egnp.exe\\u0007\\u001b[2J\\nnext').click()
    await entry.getByText('hidden').waitFor()
    expect(await page.textContent('body')).not.toContain(HIDDEN.slice(0, 9))
    const long = rows.filter({ hasText: 'long:k' })
    expect((await long.textContent())?.length).toBeLessThan(400)
    await long.locator('a').click()
    await entry.getByRole('button', { name: 'all 10,005 characters' }).click()
    expect(await entry.locator('h2 bdi').textContent()).toBe(LONG)
    expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false)
    expect(await page.locator('main script, main img').count()).toBe(0)
  })

  test('marks what another process writes, within two seconds or so', async ({ page, url, directory }) => {
    using cache = new Cache(directory)
    cache.set('live:old', 1)
    await page.goto(url)
    const { key, rows } = partsOf(page)
    await key('live:old').waitFor()
    const timeout = 4000
    cache.set('live:new', 1)
    await rows.filter({ hasText: 'live:new' }).getByText('new', { exact: true }).waitFor({ timeout })
    cache.set('live:old', 'another value')
    await rows.filter({ hasText: 'live:old' }).getByText('changed').waitFor({ timeout })
    cache.delete('live:new')
    await key('live:new').waitFor({ state: 'detached', timeout })
    expect(
      await rows
        .filter({ hasText: 'damaged' })
        .getByText(/^(new|changed)$/)
        .count(),
    ).toBe(0)
    cache.delete('live:old')
  })
}

function isWalked(test: ChromiumTest): void {
  test('is read by the keyboard', async ({ page, url }) => {
    await page.goto(url)
    const { search, entry, key } = partsOf(page)
    await key('damaged').waitFor()
    await page.keyboard.press('/')
    await expect.poll(() => search.evaluate((input) => input === document.activeElement)).toBe(true)
    await page.keyboard.type('item:19999')
    await key('item:19999').waitFor()
    await page.keyboard.press('Escape')
    expect(await search.inputValue()).toBe('')
    await key('damaged').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await entry.getByText('long', { exact: false }).first().waitFor()
    await page.keyboard.press('ArrowDown')
    await entry.getByText('invoice').first().waitFor()
    await page.reload()
    await entry.getByText('invoice').first().waitFor()
    await page.keyboard.press('Escape')
    await entry.waitFor({ state: 'detached' })
  })

  test('is reached by the arrows from the search, and from nowhere', async ({ page, url }) => {
    await page.goto(url)
    const { search, status, entry, key } = partsOf(page)
    await key('damaged').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('item:19999')
    await expect.poll(() => status.textContent()).toBe('1 entry')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await entry.getByText('item:19999').first().waitFor()
    await page.keyboard.press('Escape')
    await search.fill('')
    await key('damaged').waitFor()
    await search.blur()
    await page.keyboard.press('ArrowDown')
    const isFocused = (text: string) => key(text).evaluate((link) => link === document.activeElement)
    await expect.poll(() => isFocused('damaged')).toBe(true)
  })
}
