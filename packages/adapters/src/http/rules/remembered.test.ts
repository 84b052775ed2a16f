import { expect, test } from 'vitest'
import { remembered } from './remembered.ts'

/** Returns a function that joins two texts, remembered, and what it was asked to join. */
function joining() {
  const made: string[] = []
  const join = remembered((first, second) => {
    const text = `${first} ${second}`
    made.push(text)
    return text
  })
  return { join, made }
}

test('remembered() makes what two texts say once', () => {
  const { join, made } = joining()
  const asked = [
    join('a', 'b'),
    join('a', 'b'),
    join('a b', ''),
    join('', 'a b'),
    join('b', 'a'),
    join('a', 'b'),
  ]
  expect(asked).toEqual(['a b', 'a b', 'a b ', ' a b', 'b a', 'a b'])
  expect(made).toEqual(['a b', 'a b ', ' a b', 'b a'])
})

test('remembered() keeps a thousand, and none of long texts', () => {
  const { join, made } = joining()
  for (let i = 0; i < 1_000; i++) join('x', String(i))
  join('x', '0')
  expect(made).toHaveLength(1_000)
  join('x', '1000')
  join('x', '0')
  expect(made).toHaveLength(1_002)
  for (const long of ['y'.repeat(1_024), 'y'.repeat(1_024)]) expect(join('x', long)).toBe(`x ${long}`)
  expect(made).toHaveLength(1_004)
})
