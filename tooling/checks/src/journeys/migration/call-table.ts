import { type Page, proseLines } from '../../pages/documentation-page.ts'

/** One call of a table: the text of one code span. */
export interface Call {
  /** Line of the page, counted from 1. */
  readonly line: number
  readonly code: string
  /** What stands behind `// →`: an expression that gives what the code has to give. */
  readonly result?: string | undefined
  /** What stands behind `// throws`: the code or the name of the error. */
  readonly error?: string | undefined
}

/** The calls of the tables of a page that say `there | here`, each column from the first table to the last. */
export interface CallColumns {
  readonly there: readonly Call[]
  readonly here: readonly Call[]
}

const SPANS = /^(?:`[^`]+`(?:<br>)?)+$/
const PROMISE = /^(?<code>.*?)\s*\/\/ (?:→ (?<result>.*)|throws (?<error>\w+))$/

/**
 * A table of calls has `here` as its second heading. A cell of code has nothing but code spans, with `<br>` between them; one
 * that begins otherwise is text, and so is a third column.
 */
export function callColumns(page: Page): CallColumns {
  const there: Call[] = []
  const here: Call[] = []
  let isCallTable = false
  for (const [at, line] of proseLines(page).entries()) {
    const cells = cellsOf(line)
    if (cells.length < 2) isCallTable = false
    else if (isCallTable && !/^:?-+:?$/.test(cells[0]!)) {
      there.push(...callsOf(cells[0]!, at + 1))
      here.push(...callsOf(cells[1]!, at + 1))
    } else if (cells[1] === 'here') isCallTable = true
  }
  return { there, here }
}

function cellsOf(line: string): string[] {
  if (!line.startsWith('|')) return []
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))
}

function callsOf(cell: string, line: number): Call[] {
  if (!cell.startsWith('`')) return []
  if (!SPANS.test(cell)) throw new Error(`line ${line}: code and text in one cell: ${cell}`)
  return cell
    .split(/`(?:<br>)?/)
    .filter(Boolean)
    .map((text) => ({ line, code: text, ...PROMISE.exec(text)?.groups }))
}
