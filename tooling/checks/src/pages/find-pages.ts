import { globSync } from 'node:fs'
import { basename } from 'node:path'

const PAGES = ['README.md', '.github/*.md', 'packages/*/README.md', 'apps/**/*.md', 'tooling/**/*.md']
const EXCLUDED = new Set(['node_modules', 'dist', 'CHANGELOG.md'])

/** Returns the pages of the documentation below `root`, as paths relative to it, in order. */
export function findPages(root: string): string[] {
  return globSync(PAGES, { cwd: root, exclude: (path) => EXCLUDED.has(basename(path)) })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
}
