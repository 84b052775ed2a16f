import Table from 'cli-table3'
import { paint, type Style } from './colours.ts'
import { escapeControls } from './escape.ts'
import { isForPeople, print } from './output.ts'
import { cutMiddle, textWidth } from './text-width.ts'

/** A column of a table. */
export interface Column<Row> {
  /** What stands above it, for people; programs get none. */
  readonly title: string
  /** Returns what people read in it. Control characters are escaped. */
  cell(row: Row): string
  /** Returns what programs read in it; the same as people unless given. */
  plain?(row: Row): string | number
  /** The side that it is aligned to; the left unless given. */
  readonly align?: 'left' | 'right'
  /** The width down to which it may be cut; unless given, it is never cut. */
  readonly least?: number
  /** Whether it is left out where there is no room for all; those on the right go first. */
  readonly isOptional?: boolean
  /** Returns how a cell is painted. */
  style?(row: Row): Style | undefined
}

const GAP = 2

/** No lines between cells, which are two spaces apart. */
const CHARS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: ' '.repeat(GAP),
  },
}

/** Prints rows: a table that fits the terminal for people, cells between tabs for programs. */
export async function printTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: { titles?: boolean } = {},
): Promise<void> {
  if (!isForPeople()) return print(...tabLines(columns, rows))
  await print(...tableLines(columns, rows, process.stdout.columns || 80, options))
}

/** Returns rows as cells between tabs, a line each. */
export function tabLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  return rows.map((row) =>
    columns.map((column) => escapeControls(String(column.plain?.(row) ?? column.cell(row)))).join('\t'),
  )
}

/** Returns rows as the lines of a table that is at most so wide, as far as its columns can be cut or left out. */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
  { titles = true }: { titles?: boolean } = {},
): string[] {
  if (rows.length === 0) return []
  const texts = new Map(
    columns.map((column) => [column, rows.map((row) => escapeControls(column.cell(row)))]),
  )
  const shown = fit(columns, (column) => naturalWidth(column, texts.get(column)!, titles), width)
  const table = new Table({
    chars: CHARS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    head: titles ? shown.map(([{ title }, room]) => paint('dim', cutMiddle(title, room))) : [],
    colWidths: shown.map(([, room]) => room),
    colAligns: shown.map(([{ align = 'left' }]) => align),
  })
  for (const [at, row] of rows.entries()) {
    table.push(shown.map(([column, room]) => painted(column, row, cutMiddle(texts.get(column)![at]!, room))))
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}

function painted<Row>(column: Column<Row>, row: Row, text: string): string {
  const style = column.style?.(row)
  return style === undefined ? text : paint(style, text)
}

/** The widest text of all. Only so much of a long one is measured as a terminal may be wide. */
function naturalWidth<Row>({ title }: Column<Row>, texts: readonly string[], titles: boolean): number {
  const widest = texts.reduce((most, text) => Math.max(most, textWidth(text.slice(0, 2_000))), 1)
  return titles ? Math.max(widest, textWidth(title)) : widest
}

/** Leaves columns out and makes others narrower, the widest first, until they fit. */
function fit<Row>(
  columns: readonly Column<Row>[],
  natural: (column: Column<Row>) => number,
  width: number,
): [Column<Row>, number][] {
  const shown = columns.map((column): [Column<Row>, number] => [column, natural(column)])
  const least = ([column, room]: [Column<Row>, number]) => Math.min(room, column.least ?? room)
  const sum = (rooms: readonly number[]) => rooms.reduce((all, room) => all + room + GAP, -GAP)
  while (sum(shown.map(least)) > width) {
    const last = shown.findLastIndex(([{ isOptional }]) => isOptional)
    if (last === -1) break
    shown.splice(last, 1)
  }
  for (let excess = sum(shown.map(([, room]) => room)) - width; excess > 0; excess--) {
    const widest = shown.filter((one) => one[1] > least(one)).sort((a, b) => b[1] - a[1])[0]
    if (widest === undefined) break
    widest[1]--
  }
  return shown
}
