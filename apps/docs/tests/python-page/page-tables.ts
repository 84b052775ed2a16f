import { readFileSync } from 'node:fs'

/** A section of a page: its heading, and the rows of its tables, without their heads. */
export interface Section {
  readonly heading: string
  readonly rows: readonly (readonly string[])[]
}

/** Returns the sections of a page, each with the rows of its own tables. */
export function sectionsOf(page: URL): Section[] {
  const parts = readFileSync(page, 'utf8').split(/^#{1,3} /m)
  return parts.map((part) => ({ heading: part.split('\n', 1)[0] as string, rows: rowsOf(part) }))
}

/** Returns the pieces of code in a cell. */
export function codeOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code as string)
}

function rowsOf(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('| '))
  const head = new Set(lines.flatMap((line, i) => (isRule(line) ? [i - 1, i] : [])))
  return lines.filter((_, i) => !head.has(i)).map(cellsOf)
}

function isRule(line: string): boolean {
  return /^[| -]+$/.test(line) && line.includes('---')
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split(' |')
    .map((cell) => cell.trim())
}
