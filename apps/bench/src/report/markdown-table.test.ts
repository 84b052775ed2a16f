import { expect, it } from 'vitest'
import { markdownTable } from './markdown-table.ts'

it('markdownTable() aligns figures to the right, and escapes what would end a cell', () => {
  const rows = [
    ['a | b', '3'],
    ['c', '1,024'],
    ['d', '–'],
  ]
  expect(markdownTable({ head: ['name', 'µs'], rows }).split('\n')).toEqual([
    '| name   |    µs |',
    '| ------ | ----: |',
    '| a \\| b |     3 |',
    '| c      | 1,024 |',
    '| d      |     – |',
  ])
})
