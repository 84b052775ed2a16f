import { existsSync, globSync } from 'node:fs'
import { basename, join, posix } from 'node:path'

/** Markdown of the repository that is no page; patterns for VitePress, which looks for it everywhere. */
export const NO_PAGES = [
  ...['!(README).md', '{packages,tooling}/*/!(README).md', '{packages,tooling}/*/*/**'],
  ...['apps/**/{src,tests}/**', '**/CHANGELOG.md', '**/.*/**'],
]

const PLACES = ['README.md', '{packages,tooling}/*/README.md', 'apps/**/*.md']
const PLACE = /^(?:README\.md|(?:packages|tooling)\/[^/]+\/README\.md|apps\/.+\.md)$/
const NO_FOLDER = /^(?:\..*|node_modules|dist|src|tests|CHANGELOG\.md)$/

/** Every page of the site, as a path below the root of the repository. */
export function sitePages(root: string): string[] {
  return globSync(PLACES, { cwd: root, exclude: (path) => NO_FOLDER.test(basename(path)) })
    .map((path) => path.replaceAll('\\', '/'))
    .filter(isPage)
    .sort()
}

/** The page that a link to this path shows; a folder has its README. */
export function pageAt(path: string, root: string): string | undefined {
  const page = path.endsWith('.md') ? path : posix.join(path, 'README.md')
  return isPage(page) && existsSync(join(root, page)) ? page : undefined
}

function isPage(path: string): boolean {
  return PLACE.test(path) && !path.split('/').some((part) => NO_FOLDER.test(part))
}

/** Pages whose addresses do not follow from where they stand. */
const ADDRESSES: Readonly<Record<string, string>> = {
  'README.md': 'introduction',
  'apps/docs/README.md': 'pages',
}

/**
 * The file that a page becomes: one folder for each page, so that every server that has folders shows it at
 * an address without `.html`.
 */
export function siteFile(page: string): string {
  if (ADDRESSES[page]) return `${ADDRESSES[page]}/index.md`
  const path = page.replace(/^apps\/docs\//, '').replace(/\.md$/, '')
  const name = posix.basename(path)
  return name === 'index' || name === 'README'
    ? posix.join(posix.dirname(path), 'index.md')
    : `${path}/index.md`
}

/** The address of a page below the site. */
export function siteAddress(page: string): string {
  return `/${siteFile(page).replace(/index\.md$/, '')}`
}
