type Cell = string | number

/** A table of Markdown whose columns are aligned in its source, too: those of figures to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const body = rows.map((cells) => cells.map(textOf))
  const widths = head.map((name, i) =>
    Math.max(3, name.length, ...body.map((cells) => cells[i]?.length ?? 0)),
  )
  const isRight = head.map((_, i) => body.every((cells) => /^\d/.test(cells[i] ?? '')))
  const lineOf = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (isRight[i] ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number))).join(' | ')} |`
  const rule = widths.map((width, i) => (isRight[i] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [lineOf(head), `| ${rule.join(' | ')} |`, ...body.map(lineOf)].join('\n')
}

function textOf(cell: Cell): string {
  return typeof cell === 'number' ? cell.toLocaleString('en') : cell
}
