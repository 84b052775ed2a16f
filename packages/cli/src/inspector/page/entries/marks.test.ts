import { expect, test } from 'vitest'
import type { EntryView } from '../../../reading/entry-view.ts'
import { marksOf } from './marks.ts'

function entry(id: string, facts: Partial<EntryView> = {}): EntryView {
  return {
    ...{ id, key: id, keyType: 'string', kind: 'text', bytes: 1, isInFile: false, storeTime: 1 },
    ...{ accessTime: 1, expireTime: null, isExpired: false, hits: 0, tags: [], pin: false, isDamaged: false },
    ...facts,
  } as EntryView
}

function marked(before: EntryView[], after: EntryView[], hasMore = false): Record<string, string> {
  const marks = marksOf({ entries: before, hasMore, marks: new Map() }, after, 0)
  return Object.fromEntries(Array.from(marks, ([id, { what }]) => [id, what]))
}

test('marksOf() finds what is new and what was written, not what was read', () => {
  const before = [entry('a'), entry('b'), entry('c')]
  const after = [entry('n'), entry('a', { bytes: 2 }), entry('b', { hits: 9, accessTime: 9 }), entry('z')]
  expect(marked(before, after)).toEqual({ n: 'new', a: 'changed', z: 'new' })
})

test('marksOf() takes what moves up from the next page for old', () => {
  expect(marked([entry('a'), entry('b')], [entry('b'), entry('c')], true)).toEqual({})
  expect(marked([entry('a'), entry('b')], [entry('n'), entry('a')], true)).toEqual({ n: 'new' })
})

test('marksOf() keeps a mark for some seconds', () => {
  const first = { entries: [entry('a')], hasMore: false, marks: new Map() }
  const second = [entry('n'), entry('a')]
  const marks = marksOf(first, second, 0)
  const again = { entries: second, hasMore: false, marks }
  expect(marksOf(again, second, 4000)).toEqual(marks)
  expect(marksOf(again, second, 60_000).size).toBe(0)
})
