import { Cache, type Key } from '@diskcache/cache'
import { expect } from 'vitest'
import { type ChromiumTest, describeChromium } from './chromium-test.ts'
import { fillWithAllKinds, HOSTILE } from './entries-of-all-kinds.ts'
import { at, partsOf } from './page-parts.ts'

const VALUES: readonly (readonly [key: string, parts: readonly (string | RegExp)[]])[] = [
  ['order:7', ['user', '"Ada"', '[2 items]']],
  ['map', ['when', '1970']],
  ['text:poem', ['The first line', '<b>the second</b>', '\\u202e']],
  ['number', ['0.1']],
  ['null', ['null']],
  ['bytes', [/00 ?01 ?02 ?ff/i]],
  ['stream', [/07 ?08 ?09/]],
  ['svg', ['<svg xmlns=']],
  ['large', ['xxxx']],
  ['12.5', ['a number as a key']],
  [HOSTILE, [HOSTILE]],
]

describeChromium(
  'an entry',
  { fill: (directory) => fillWithAllKinds(directory, 10), isLong: true },
  (test) => {
    isShown(test)
    isChanged(test)
  },
)

function isShown(test: ChromiumTest): void {
  test('has a value of each kind', async ({ page, url }) => {
    await page.goto(url)
    const { key, value } = partsOf(page)
    for (const [name, parts] of VALUES) {
      await key(name).click()
      for (const part of parts) await value.getByText(part).first().waitFor()
    }
    expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false)
  })

  test('is a picture where its bytes are one', async ({ page, url }) => {
    await page.goto(url)
    const { key, value } = partsOf(page)
    await key('picture').click()
    const width = () => value.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)
    await expect.poll(width).toBe(1)
  })

  test('has a tree that folds, or its text', async ({ page, url }) => {
    await page.goto(url)
    const { key, value } = partsOf(page)
    await key('order:7').click()
    expect(await value.getByText('40.5').count()).toBe(0)
    await value.getByText('{2 members}').click()
    await value.getByText('40.5').waitFor()
    await value.getByRole('button', { name: 'Text' }).click()
    await value.locator('pre').getByText('"user"').waitFor()
  })

  test('that is damaged says so, and shows what is stored', async ({ page, url }) => {
    await page.goto(url)
    const { key, entry, value } = partsOf(page)
    await key('damaged').click()
    await entry.locator('.notice.bad').waitFor()
    await value.locator('pre.hex').waitFor()
  })

  test('is downloaded as it is stored', async ({ page, url }) => {
    await page.goto(url)
    const { key, entry } = partsOf(page)
    await key('bytes').click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      entry.getByRole('link', { name: 'Download the stored bytes' }).click(),
    ])
    expect(await download.failure()).toBe(null)
    await download.delete()
  })
}

function isChanged(test: ChromiumTest): void {
  test('is deleted after a question, and not without', async ({ page, url, directory }) => {
    using cache = new Cache(directory)
    cache.set('to be deleted', 1)
    await page.goto(url)
    const { key, entry, dialog, toast } = partsOf(page)
    await key('to be deleted').click()
    await entry.getByRole('button', { name: 'Delete' }).click()
    await dialog.getByText('to be deleted').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await entry.waitFor()
    expect(cache.has('to be deleted')).toBe(true)
    await entry.getByRole('button', { name: 'Delete' }).click()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await toast.getByText('The entry was deleted.').waitFor()
    await key('to be deleted').waitFor({ state: 'detached' })
    expect(cache.has('to be deleted')).toBe(false)
  })

  test('is given another expiry, pinned, and let go', async ({ page, url, directory }) => {
    using cache = new Cache(directory)
    cache.set('kept', 1, { tag: 'batch' })
    await page.goto(at(url, 'entries', { entry: 'skept' }))
    const { entry, dialog, toast, key } = partsOf(page)
    await entry.getByRole('button', { name: 'Change expiry' }).click()
    await dialog.getByLabel('expires in').fill('2')
    await dialog.getByLabel('Unit').selectOption('days')
    await dialog.getByRole('button', { name: 'Change' }).click()
    await entry.getByText(/^in (1|2) d/).waitFor()
    const left = (cache.getEntry('kept')?.expireTime ?? 0) - Date.now()
    expect(Math.round(left / 3_600_000)).toBe(48)
    await entry.getByRole('button', { name: 'Pin' }).click()
    await dialog.getByRole('button', { name: 'Pin' }).click()
    await entry.getByRole('button', { name: 'Unpin' }).waitFor()
    await entry.getByRole('button', { name: 'Evict tag batch' }).click()
    await dialog.getByRole('button', { name: 'Evict' }).click()
    await toast.getByText('1 entry was removed.').waitFor()
    await key('kept').waitFor({ state: 'detached' })
    expect(cache.has('kept')).toBe(false)
  })

  test('that another process removes is said to be gone', async ({ page, url, directory }) => {
    using cache = new Cache<Key, unknown>(directory)
    cache.set('going', 1)
    await page.goto(url)
    const { key, entry } = partsOf(page)
    await key('going').click()
    await entry.getByRole('button', { name: 'Delete' }).waitFor()
    cache.set('going', 'changed meanwhile')
    await entry.getByText('changed meanwhile').waitFor()
    cache.delete('going')
    await entry.getByText('This entry is not there any more.').waitFor()
  })
}
