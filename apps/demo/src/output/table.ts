import Table from 'cli-table3'

/** An empty table; all columns but the first are of numbers. */
export function createTable(head: readonly string[]) {
  return new Table({
    head: [...head],
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  })
}
