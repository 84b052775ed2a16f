import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Block, extractBlocks } from './markdown-block.ts'

/** A page of the documentation. */
export type Page = {
  /** Below the root of the repository. */
  readonly path: string
  readonly markdown: string
  readonly blocks: readonly Block[]
}

const PAGES = ['README.md', '.github/*.md', 'packages/*/README.md', 'apps/**/*.md', 'tooling/**/*.md']
/** `reference` is what the site generates. */
const EXCLUDED = new Set(['node_modules', 'dist', 'src', 'reference', 'CHANGELOG.md'])

export function readPages(root: string): Page[] {
  const paths = globSync(PAGES, { cwd: root, exclude: (path) => EXCLUDED.has(basename(path)) })
  return paths
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => pageOf(path, readFileSync(join(root, path), 'utf8')))
}

export function pageOf(path: string, markdown: string): Page {
  return { path, markdown, blocks: extractBlocks(path, markdown) }
}

/** The lines of the page, with empty ones in the place of its code blocks. */
export function proseLines({ markdown, blocks }: Page): string[] {
  const lines = markdown.split(/\r?\n/)
  for (const { line, text } of blocks) {
    const fences = 2
    lines.fill('', line - 1, line - 1 + fences + (text ? text.split('\n').length : 0))
  }
  return lines
}
