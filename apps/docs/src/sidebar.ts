import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DefaultTheme } from 'vitepress'
import { CHAPTERS, type Chapter, INTERNALS, type PageEntry } from './chapters.ts'
import { siteAddress } from './pages/site-pages.ts'
import { NAVIGATION_FILE, type NavigationItem } from './reference/reference-folder.ts'
import { ROOT } from './repository.ts'

type Item = DefaultTheme.SidebarItem

/** Beside the pages of a door stands the list of what it exports, beside all others that of all pages. */
export function sidebar(): DefaultTheme.SidebarMulti {
  const doors = readNavigation()
  const ofDoors = doors.map((door) => [referenceAddress(door.path), referenceGroups(doors, door)])
  return { '/': pageGroups(doors), '/reference/': referenceGroups(doors), ...Object.fromEntries(ofDoors) }
}

function pageGroups(doors: readonly NavigationItem[]): Item[] {
  const reference = {
    text: 'Reference',
    items: [{ text: 'Every export', link: '/reference/' }, ...doors.map(doorLink)],
  }
  return [...CHAPTERS.map(chapterGroup), reference, chapterGroup(INTERNALS)]
}

/** It cannot be folded: that would be a button within a button. */
function chapterGroup({ title, pages }: Chapter): Item {
  return { text: title, items: pages.map(pageItem) }
}

function pageItem({ text, page, below, isFolded = false }: PageEntry): Item {
  const item = { text, link: siteAddress(page) }
  if (below === undefined) return item
  const entries = typeof below === 'string' ? matching(below) : below
  return { ...item, collapsed: isFolded, items: entries.map(pageItem) }
}

function matching(pattern: string): PageEntry[] {
  const pages = globSync(pattern, { cwd: ROOT }).sort()
  return pages.map((page) => ({ text: titleOf(page).replace(/^From /, ''), page }))
}

function titleOf(path: string): string {
  return /^# (.+)$/m.exec(readFileSync(join(ROOT, path), 'utf8'))?.[1] ?? path
}

function readNavigation(): NavigationItem[] {
  if (!existsSync(NAVIGATION_FILE)) throw new Error('The reference is missing: run `pnpm run docs`')
  return JSON.parse(readFileSync(NAVIGATION_FILE, 'utf8'))
}

/** The doors, with the exports of the one that is looked at: all of them would make every page large. */
function referenceGroups(doors: readonly NavigationItem[], open?: NavigationItem): Item[] {
  const items = doors.map((door) => {
    const exports = door === open && { items: (door.children ?? []).map(doorLink), collapsed: false }
    return { ...doorLink(door), ...exports }
  })
  return [{ text: 'Reference', link: '/reference/' }, ...items]
}

function doorLink({ title, path }: NavigationItem): Item {
  return { text: title, link: referenceAddress(path) }
}

function referenceAddress(path: string): string {
  return siteAddress(`apps/docs/reference/${path}`)
}
