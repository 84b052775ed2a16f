import { figureText } from './figure-text.ts'

/** A table as text: `head` and `rows` have a cell for each column. */
export interface Table {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** What a reader must know to read it right. */
  readonly notes?: string
  /** The place in the documentation that shows it; left out: it is a detail, shown only on demand. */
  readonly block?: string
}

export const ABSENT = '–'

type Cell = string | number | undefined

/** A row for each item, with the columns of `cells` under their heads; a number is written as a figure. */
export function tableOf<T>(
  title: string,
  items: readonly T[],
  cells: Readonly<Record<string, (item: T) => Cell>>,
  more: Pick<Table, 'notes' | 'block'> = {},
): Table {
  const rows = items.map((item) => Object.values(cells).map((cell) => cellText(cell(item))))
  return { title, head: Object.keys(cells), rows, ...more }
}

function cellText(cell: Cell): string {
  if (cell === undefined) return ABSENT
  return typeof cell === 'number' ? figureText(cell) : cell
}
