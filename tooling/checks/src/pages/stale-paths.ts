import { globSync } from 'node:fs'
import { type Page, proseLines } from './documentation-page.ts'

/** A path that is written as code; a `*` stands for anything. */
const QUOTED_PATH = /`((?:packages|apps|tooling|\.github|\.ci|\.changeset)\/[\w./*@-]+)`/g

/** What programs make, and git ignores. */
const MADE = /\/\.cache$/

/** Records of decisions name what was there when they were made. */
const OF_ITS_TIME = /^apps\/docs\/adr\/\d/

/** Paths that the page quotes and that are not there, each as `line N: …`. */
export function stalePaths(page: Page, root: string): string[] {
  if (OF_ITS_TIME.test(page.path)) return []
  return proseLines(page).flatMap((text, at) =>
    [...text.matchAll(QUOTED_PATH)]
      .map(([, path = '']) => path)
      .filter((path) => !MADE.test(path) && globSync(path, { cwd: root }).length === 0)
      .map((path) => `line ${at + 1}: there is no "${path}"`),
  )
}
