import type { Locator, Page } from 'playwright-core'

/** The parts of the page that tests use. */
export function partsOf(page: Page) {
  const entry = page.getByRole('complementary', { name: 'Entry' })
  return {
    search: page.getByRole('searchbox', { name: 'Search in keys' }),
    filters: page.getByRole('combobox', { name: 'Add a filter' }),
    /** How many entries are shown, or what goes on. */
    status: page.locator('.status [role=status]'),
    rows: page.locator('table.entries tbody tr'),
    key: (text: string): Locator =>
      page.locator('table.entries a.key').filter({ has: page.getByText(text, { exact: true }) }),
    row: (text: string): Locator => page.locator('table.entries tbody tr').filter({ hasText: text }),
    entry,
    value: entry.getByRole('region', { name: 'Value', exact: true }),
    dialog: page.getByRole('dialog'),
    toast: page.locator('.toast'),
  }
}

/** Returns the address of the page with a hash. */
export function at(url: string, place: string, query: Record<string, string> = {}): string {
  return `${url}#/${place}?${new URLSearchParams(query)}`
}
