import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dirname, join as joinPath } from 'node:path/posix'

/** What a page of this repository refers to in this repository. */
export type PageLink = {
  /** As it stands there. */
  readonly text: string
  /** Relative to the root. */
  readonly path: string
  /** The part after `#`, if any. */
  readonly anchor: string | undefined
}

const FENCED = /^(`{3,}|~{3,}).*?^\1/gms
const CODE_SPAN = /`[^`\n]+`/g
const LINK = /\]\(([^)\s]+)\)/g
const ELSEWHERE = /^[a-z][a-z+.-]*:|^\/\//i
/** A path that is written as code; a `*` stands for anything. */
const QUOTED_PATH = /`((?:packages|apps|tooling|\.github|\.ci|\.changeset)\/[\w./*@-]+)`/g

/** Returns the links of a page to files of the repository, and to its own headings. */
export function pageLinks(root: string, page: string): PageLink[] {
  const prose = proseOf(root, page).replace(CODE_SPAN, '')
  return [...prose.matchAll(LINK)]
    .map(([, text = '']) => text)
    .filter((text) => !ELSEWHERE.test(text))
    .map((text) => {
      const [file, anchor] = text.split('#')
      return { text, path: file ? joinPath(dirname(page), file) : page, anchor }
    })
}

/** Returns the paths that a page quotes as code, relative to the root. */
export function quotedPaths(root: string, page: string): string[] {
  return [...proseOf(root, page).matchAll(QUOTED_PATH)].map(([, path = '']) => path)
}

/** Returns what a link to a heading of a page has after its `#`, for all of its headings. */
export function anchorsOf(root: string, page: string): string[] {
  return [...proseOf(root, page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function proseOf(root: string, page: string): string {
  return readFileSync(join(root, page), 'utf8').replace(FENCED, '')
}
