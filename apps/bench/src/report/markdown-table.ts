import type { Table } from './table.ts'

const NARROWEST = 3

const FIGURE = /^[\d≤≥–?]/

/** A table of Markdown whose columns are aligned in its source, too: those of figures to the right. */
export function markdownTable({ head, rows }: Pick<Table, 'head' | 'rows'>): string {
  const lines = [head, ...rows].map((cells) => cells.map(escaped))
  const [first = [], ...body] = lines
  const widths = first.map((_, i) => Math.max(NARROWEST, ...lines.map((cells) => cells[i]?.length ?? 0)))
  const isRight = first.map((_, i) => body.length > 0 && body.every((cells) => isFigure(cells[i])))
  const lineOf = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const aligned = (cells: readonly string[]) =>
    lineOf(widths.map((width, i) => padded(cells[i] ?? '', width, isRight[i])))
  const rule = widths.map((width, i) => (isRight[i] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [aligned(first), lineOf(rule), ...body.map(aligned)].join('\n')
}

/** What has figures may leave some out. */
function isFigure(cell = ''): boolean {
  return cell === '' || FIGURE.test(cell)
}

function padded(cell: string, width: number, isRight = false): string {
  return isRight ? cell.padStart(width) : cell.padEnd(width)
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
