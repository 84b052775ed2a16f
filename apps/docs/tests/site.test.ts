import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CHAPTERS, INTERNALS } from '../src/chapters.ts'
import { siteAddress, sitePages } from '../src/pages/site-pages.ts'
import { referenceDoors, shortName } from '../src/reference/doors.ts'
import { ROOT } from '../src/repository.ts'
import { BuiltSite } from './built-site.ts'
import { exportedNames } from './exported-names.ts'

const site = new BuiltSite()

/** The links of the list beside a page. */
function sidebarOf(address: string): string[] {
  const links = site.page(address).querySelectorAll('.VPSidebar a[href]')
  return links.map((link) => link.getAttribute('href') ?? '')
}

test('the first page says what it is, shows code and a chart, and leads on', () => {
  const page = site.page('/')
  expect(page.querySelector('.vp-doc')?.text).toContain('A cache for Node.js that lives on disk')
  expect(page.querySelector('.language-ts code')?.text).toContain("import { Cache } from '@diskcache/cache'")
  expect(page.querySelector('.vp-doc img')?.getAttribute('src')).toMatch(/peers-get.*\.svg$/)
  const paths = ['/packages/cache/', '/keyv/', '/nestjs/', '/express/', '/python/', '/redis/']
  expect(site.links('/')).toEqual(expect.arrayContaining(paths))
})

test('every page of the documentation is in the site, and in its sidebar', () => {
  const pages = sitePages(ROOT).map(siteAddress)
  expect(site.addresses().sort()).toEqual([...pages].sort())
  const inSidebar = new Set(sidebarOf('/introduction/'))
  const missing = pages.filter((address) => address !== '/' && !address.startsWith('/reference/'))
  expect(missing.filter((address) => !inSidebar.has(address))).toEqual([])
})

test('the sidebar has its groups', () => {
  const titles = site.page('/introduction/').querySelectorAll('.VPSidebarItem.level-0 > .item h2')
  const groups = [...CHAPTERS, { title: 'Reference' }, INTERNALS].map(({ title }) => title)
  expect(titles.map(({ text }) => text.trim())).toEqual(groups)
})

test.each(referenceDoors(ROOT))('every export of $name is in the reference', ({ name, source }) => {
  const address = `/reference/${shortName(name)}/`
  const described = new Set(
    site
      .page(address)
      .querySelectorAll('.vp-doc a[href^="/reference/"]')
      .map(({ text }) => text),
  )
  expect(exportedNames(join(ROOT, source)).filter((symbol) => !described.has(symbol))).toEqual([])
  expect(sidebarOf('/reference/')).toContain(address)
  const own = site.addresses().filter((page) => page.startsWith(address))
  expect(own.filter((page) => !sidebarOf(address).includes(page))).toEqual([])
})

test('a page of the reference has the signature, the docstring, the source, and the members', () => {
  const page = site.page('/reference/recipes/functions/getOrSet/')
  expect(page.querySelector('h1')?.text).toContain('getOrSet()')
  expect(page.querySelector('.language-ts')?.text).toContain('options?: GetOrSetOptions')
  expect(page.querySelector('.vp-doc')?.text).toContain('All processes together compute')
  expect(page.querySelector('a[href*="/packages/recipes/src/computing/get-or-set.ts#L"]')).not.toBeNull()
  expect(page.getElementById('forget')).not.toBeNull()
})

test('code with more words than a language is coloured, and says where it is from', () => {
  const page = site.page('/nestjs/')
  const note = page.querySelector('.source-note')
  expect(note?.previousElementSibling?.classNames).toContain('language-ts')
  expect(note?.previousElementSibling?.querySelector('code span[style]')).not.toBeNull()
  expect(note?.text).toContain('From apps/nest/')
})

test('a link to a file is one to its page, where it has one', () => {
  const links = site.page('/packages/adapters/').querySelectorAll('.vp-doc a[href]')
  const targets = links.map((link) => link.getAttribute('href') ?? '')
  expect(targets.filter((target) => /github\.com.*\.md(?:#|$)/.test(target))).toEqual([])
  expect(targets).toEqual(expect.arrayContaining(['/bundling/', '/nestjs/']))
})

test('every link of every page leads to something', () => {
  const broken = site.addresses().flatMap((address) =>
    site
      .links(address)
      .filter((link) => !site.has(link))
      .map((link) => `${address}: ${link}`),
  )
  expect(broken).toEqual([])
})

test('no page loads anything from elsewhere', () => {
  expect(site.addresses().flatMap((address) => site.foreignParts(address))).toEqual([])
})
