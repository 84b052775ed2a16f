import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chain, chainAsync, merge, mergeAsync } from './sequences.ts'

const sorted = fc.array(fc.array(fc.integer()).map((items) => items.sort((a, b) => a - b)))
const byNumber = (a: number, b: number) => a - b

async function* later<T>(items: readonly T[]): AsyncGenerator<T, undefined, undefined> {
  yield* items
}

test('merge() and mergeAsync() give all items, sorted', async () => {
  const property = fc.asyncProperty(sorted, async (lists) => {
    const expected = lists.flat().sort(byNumber)
    expect([
      ...merge(
        lists.map((list) => list.values()),
        byNumber,
      ),
    ]).toEqual(expected)
    expect(await Array.fromAsync(mergeAsync(lists.map(later), byNumber))).toEqual(expected)
  })
  await fc.assert(property)
})

test('chain() and chainAsync() give one after the other', async () => {
  const lists = [[3, 1], [], [2]]
  expect([...chain(lists)]).toEqual([3, 1, 2])
  expect(await Array.fromAsync(chainAsync(lists.map(later)))).toEqual([3, 1, 2])
})
