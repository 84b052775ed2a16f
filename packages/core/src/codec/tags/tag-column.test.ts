import { expect, test } from 'vitest'
import { checkTagChoice } from './tag-choice.ts'
import { columnToTag, tagToColumn } from './tag-column.ts'
import { distinctTags, tagsToColumns } from './tag-columns.ts'

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

test('errors for what cannot be a tag name all that is allowed there', () => {
  const tag = 'Cannot use tag null: expected a string, a number or bytes'
  expect(() => tagToColumn(null)).toThrow(new TypeError(tag))
  for (const of of [tagsToColumns, distinctTags]) {
    expect(() => of(null as never)).toThrow(new TypeError(`${tag}, or an array of these`))
    expect(() => of([null] as never)).toThrow(new TypeError(tag))
  }
  const choice = `${tag}, or an array of these, or { untagged: true }`
  expect(() => checkTagChoice(null as never)).toThrow(new TypeError(choice))
  expect(() => checkTagChoice([1, null] as never)).toThrow(new TypeError(tag))
})
