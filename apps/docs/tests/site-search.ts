import { globSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SEARCH_OPTIONS } from '../src/search-options.ts'
import { SITE } from './built-site.ts'

interface SearchIndex {
  search(query: string): { readonly id: string }[]
}

interface Library {
  loadJSON(json: string, options: object): SearchIndex
}

/** What the search box of VitePress has, beside the options of the configuration. */
const OPTIONS = {
  fields: ['title', 'titles', 'text'],
  storeFields: ['title', 'titles'],
  searchOptions: { fuzzy: 0.2, prefix: true, boost: { title: 4, text: 2, titles: 1 }, ...SEARCH_OPTIONS },
}

/** So many results are looked at; the box shows sixteen. */
const FIRST = 10

/** A section of a page of the site. */
export interface Found {
  /** The address of its page. */
  readonly page: string
  readonly anchor: string
}

/** The search of the built site, as its box asks it. */
export class SiteSearch {
  readonly #index: SearchIndex

  private constructor(index: SearchIndex) {
    this.#index = index
  }

  static async load(): Promise<SiteSearch> {
    const [chunk] = globSync('assets/chunks/@localSearchIndex*.js', { cwd: SITE })
    if (chunk === undefined) throw new Error('the site has no index of its search')
    const { default: json }: { default: string } = await import(pathToFileURL(join(SITE, chunk)).href)
    return new SiteSearch(library().loadJSON(json, OPTIONS))
  }

  /** The first sections that the box shows for what is typed into it. */
  first(query: string): Found[] {
    const found = this.#index.search(query).slice(0, FIRST)
    return found.map(({ id }) => {
      const [page = '', anchor = ''] = id.split('#')
      return { page, anchor }
    })
  }
}

/** The library of the box, which is a dependency of VitePress and not one of ours. */
function library(): Library {
  const vitepress = createRequire(import.meta.url).resolve('vitepress/package.json')
  return createRequire(vitepress)('minisearch')
}
