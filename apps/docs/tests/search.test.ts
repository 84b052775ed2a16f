import { join } from 'node:path'
import { expect, test } from 'vitest'
import { referenceDoors, shortName } from '../src/reference/doors.ts'
import { ROOT } from '../src/repository.ts'
import { BuiltSite } from './built-site.ts'
import { errorCodes } from './error-codes.ts'
import { exportedNames } from './exported-names.ts'
import { exportedOptions } from './exported-options.ts'
import { SiteSearch } from './site-search.ts'

const site = new BuiltSite()
const search = await SiteSearch.load()
const doors = referenceDoors(ROOT)
const pages = pagesByExport()

/** The pages of the reference that describe an export; two doors may export different things by one name. */
function pagesByExport(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const { name, source } of doors) {
    const links = site
      .page(`/reference/${shortName(name)}/`)
      .querySelectorAll('.vp-doc a[href^="/reference/"]')
    const addresses = new Map(links.map((link) => [link.text, link.getAttribute('href')?.replace(/#.*/, '')]))
    for (const symbol of exportedNames(join(ROOT, source)))
      found.set(symbol, (found.get(symbol) ?? new Set()).add(addresses.get(symbol) ?? 'nowhere'))
  }
  return found
}

test('every export is found', () => {
  expect(pages.size).toBeGreaterThan(300)
  const missing = [...pages].flatMap(([name, addresses]) => {
    const found = new Set(search.first(name).map(({ page }) => page))
    return [...addresses].filter((address) => !found.has(address)).map((address) => `${name}: ${address}`)
  })
  expect(missing).toEqual([])
})

test('every option is found, by its name, and by that of its type before it', () => {
  const options = exportedOptions(doors)
  expect(options.length).toBeGreaterThan(200)
  const byName = Map.groupBy(options, ({ name }) => name)
  const missing = [...byName].filter(([name, sameName]) => {
    const found = search.first(name).filter(({ anchor }) => anchor === name.toLowerCase())
    return !found.some(({ page }) => sameName.some(({ type }) => pages.get(type)?.has(page)))
  })
  expect(missing.map(([name]) => name)).toEqual([])
  const queries = options.filter(({ name, type }) => {
    return !search.first(`${type} ${name}`).some(({ page }) => pages.get(type)?.has(page))
  })
  expect(queries).toEqual([])
})

test('every error code is found, its entry first', () => {
  const first = errorCodes().map((code) => search.first(code)[0])
  expect(first).toEqual(
    errorCodes().map((code) => ({ page: '/troubleshooting/', anchor: code.toLowerCase() })),
  )
})
