import type { Column } from './section.ts'

const NARROWEST = 3

/** A table of Markdown whose columns are aligned in its source, too. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ head }) => head), ...rows].map((cells) => cells.map(escaped))
  const widths = columns.map((_, i) => Math.max(NARROWEST, ...lines.map((cells) => cells[i]?.length ?? 0)))
  const lineOf = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const aligned = (cells: readonly string[]) =>
    lineOf(columns.map(({ align }, i) => padded(cells[i] ?? '', widths[i] ?? 0, align)))
  const [head = [], ...body] = lines
  const rule = columns.map(({ align }, i) => ruleOf(widths[i] ?? 0, align))
  return [aligned(head), lineOf(rule), ...body.map(aligned)].join('\n')
}

function padded(cell: string, width: number, align: Column['align']): string {
  return align === 'left' ? cell.padEnd(width) : cell.padStart(width)
}

function ruleOf(width: number, align: Column['align']): string {
  return align === 'left' ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
