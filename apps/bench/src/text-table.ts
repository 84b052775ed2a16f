import Table from 'cli-table3'

export interface TextColumn {
  readonly head: string
  /** `'right'`, as numbers stand. */
  readonly align?: 'left'
}

/** A table for a terminal. */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align }) => align ?? 'right'),
    style: { head: [], border: [], compact: true },
  })
  table.push(...rows.map((row) => [...row]))
  return table.toString()
}
