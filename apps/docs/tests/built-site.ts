import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { type HTMLElement, parse } from 'node-html-parser'
import { ROOT } from '../src/repository.ts'

/** Where `pnpm run docs:build` puts the site. */
export const SITE = join(ROOT, 'apps/docs/.vitepress/dist')

/** Code blocks have elements in them. */
const PARSING = { blockTextElements: { script: true, style: true } }

const ORIGIN = 'http://site'

/** The pages of the site, as files and not as a browser sees them. */
export class BuiltSite {
  readonly #pages = new Map<string, HTMLElement>()

  constructor() {
    if (!existsSync(join(SITE, 'index.html'))) throw new Error('there is no site; run `pnpm run docs:build`')
  }

  /** The addresses of all pages. */
  addresses(): string[] {
    const paths = globSync('**/index.html', { cwd: SITE }).map((path) => path.replaceAll('\\', '/'))
    return paths.map((path) => posix.join('/', posix.dirname(path), '/'))
  }

  page(address: string): HTMLElement {
    const known = this.#pages.get(address)
    if (known) return known
    const page = parse(readFileSync(join(SITE, address, 'index.html'), 'utf8'), PARSING)
    this.#pages.set(address, page)
    return page
  }

  /** What the links of the page lead to within the site, with anchors. */
  links(address: string): string[] {
    const targets = this.page(address)
      .querySelectorAll('a[href]')
      .map((link) => new URL(link.getAttribute('href') ?? '', ORIGIN + address))
    return targets
      .filter(({ origin }) => origin === ORIGIN)
      .map(({ pathname, hash }) => decodeURI(pathname + hash))
  }

  /** Whether something is there: a page, with that anchor if there is one, or a file. */
  has(link: string): boolean {
    const [address = '', anchor] = link.split('#')
    if (!address.endsWith('/')) return existsSync(join(SITE, address))
    if (!existsSync(join(SITE, address, 'index.html'))) return false
    return !anchor || this.page(address).getElementById(anchor) !== null
  }

  /** Addresses on other servers that a browser would load by itself. */
  foreignParts(address: string): string[] {
    const page = this.page(address)
    const sources = page.querySelectorAll('[src]').map((part) => part.getAttribute('src') ?? '')
    const sheets = page.querySelectorAll('link[href]').map((part) => part.getAttribute('href') ?? '')
    return [...sources, ...sheets].filter((target) => /^(?:https?:)?\/\//.test(target))
  }
}
