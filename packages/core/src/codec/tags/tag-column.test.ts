import { expect, test } from 'vitest'
import { columnToTag, tagToColumn } from './tag-column.ts'

test('tagToColumn() keeps kinds apart, and columnToTag() gives them back', () => {
  const tags = ['', '1', 1, -0.5, Infinity, Number.MAX_SAFE_INTEGER, Buffer.from('1')]
  expect(tags.map((tag) => columnToTag(tagToColumn(tag)))).toEqual(tags)
  expect(tagToColumn(1)).toBe(1n)
  expect(tagToColumn(new Uint8Array([1]))).toEqual(Buffer.from([1]))
})

test('tagToColumn() refuses what cannot be a tag', () => {
  for (const tag of ['\ud800', Number.NaN, 1n, true, null, undefined, {}, []])
    expect(() => tagToColumn(tag)).toThrow(TypeError)
})
