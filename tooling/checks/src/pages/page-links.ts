import { type Page, proseLines } from './documentation-page.ts'

export type Link = { readonly line: number; readonly target: string }

/** Links, images and definitions of references, in Markdown or HTML. */
const LINK = /(?:\]\(|^\s*\[[^\]]+\]:\s+|\b(?:src|href)=")<?([^)\s>"]+)/g

export function pageLinks(page: Page): Link[] {
  return proseLines(page).flatMap((text, at) =>
    [...withoutCode(text).matchAll(LINK)].map(([, target]) => ({ line: at + 1, target: target! })),
  )
}

/** What the headings of the page are called in an address, as GitHub makes it. */
export function pageAnchors(page: Page): Set<string> {
  const anchors = new Set<string>()
  for (const line of proseLines(page)) {
    const [, heading] = /^#{1,6}\s+(.+?)\s*#*$/.exec(line) ?? []
    if (heading) anchors.add(unusedAnchor(anchorOf(heading), anchors))
  }
  return anchors
}

function anchorOf(heading: string): string {
  const text = heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')
}

function unusedAnchor(anchor: string, used: ReadonlySet<string>): string {
  let name = anchor
  for (let count = 1; used.has(name); count++) name = `${anchor}-${count}`
  return name
}

function withoutCode(line: string): string {
  return line.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '')
}
