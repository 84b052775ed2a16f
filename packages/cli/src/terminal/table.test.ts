import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Column, tabLines, tableLines } from './table.ts'
import { textWidth } from './text-width.ts'

interface Row {
  readonly key: string
  readonly size: number
  readonly tags: string
}

const COLUMNS: Column<Row>[] = [
  { title: 'key', cell: ({ key }) => key, least: 12 },
  { title: 'size', cell: ({ size }) => `${size} B`, plain: ({ size }) => size, align: 'right' },
  { title: 'tags', cell: ({ tags }) => tags, least: 8, isOptional: true },
]

function lines(rows: readonly Row[], width: number): string[] {
  return tableLines(COLUMNS, rows, width).map(stripVTControlCharacters)
}

test('tableLines() aligns columns under their titles', () => {
  const rows = [
    { key: 'a', size: 5, tags: 'x' },
    { key: '日本', size: 1_000, tags: 'y' },
  ]
  expect(lines(rows, 80)).toEqual(['key     size  tags', 'a        5 B  x', '日本  1000 B  y'])
})

test('tableLines() cuts what is wide in the middle, and leaves out what has no room', () => {
  const rows = [{ key: 'user:1234567890:profile', size: 5, tags: 'a tag that is long' }]
  expect(lines(rows, 34)).toEqual(['key            size  tags', 'user:1…rofile   5 B  a tag …s long'])
  expect(lines(rows, 24)).toEqual(['key                 size', 'user:1234…:profile   5 B'])
})

test('tableLines() is never wider than the terminal, whatever the keys are', () => {
  const key = fc.string({ unit: fc.constantFrom('a', '日', '👩‍🚀', '\x1b', '\n', 'é', '👍') })
  const row = fc.record({ key, size: fc.nat(), tags: key })
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 30, max: 120 }),
      (rows, width) => {
        const made = lines(rows, width)
        expect(made).toHaveLength(rows.length + 1)
        for (const line of made) expect(textWidth(line)).toBeLessThanOrEqual(width)
      },
    ),
  )
})

test('tabLines() has what programs read, on one line for each row', () => {
  const rows = [{ key: 'a\tb\nc', size: 1_000, tags: '' }]
  expect(tabLines(COLUMNS, rows)).toEqual(['a\\tb\\nc\t1000\t'])
})
