import { expect, it } from 'vitest'
import { markdownTable } from './markdown-table.ts'

it('markdownTable() aligns figures to the right, and escapes what would end a cell', () => {
  const table = markdownTable(
    [{ head: 'name', align: 'left' }, { head: 'µs' }],
    [
      ['a | b', '3'],
      ['c', '1,024'],
    ],
  )
  expect(table.split('\n')).toEqual([
    '| name   |    µs |',
    '| ------ | ----: |',
    '| a \\| b |     3 |',
    '| c      | 1,024 |',
  ])
})
