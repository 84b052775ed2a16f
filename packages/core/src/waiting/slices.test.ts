import { expect, test } from 'vitest'
import { isSliceOver, nextSlice } from './slices.ts'

/** Counts the turns of the event loop from now on. */
function turnCounter(): { count: number; stop: () => void } {
  const counter = { count: 0, stop: () => clearImmediate(next) }
  const turn = () => {
    counter.count++
    next = setImmediate(turn)
  }
  let next = setImmediate(turn)
  return counter
}

function workUntilOver(): void {
  while (!isSliceOver());
}

test('nextSlice() lets the event loop turn, and begins a slice', async () => {
  const turns = turnCounter()
  await nextSlice()
  expect(isSliceOver()).toBe(false)
  workUntilOver()
  const before = turns.count
  await nextSlice()
  expect(turns.count).toBeGreaterThan(before)
  turns.stop()
})

test('nextSlice() lets everybody go on in one turn who needs little time', async () => {
  const turns = turnCounter()
  const seen = await Promise.all([1, 2, 3].map(() => nextSlice().then(() => turns.count)))
  turns.stop()
  expect(new Set(seen).size).toBe(1)
})

test('nextSlice() gives each a turn of its own, in their order, where all take their time', async () => {
  const turns = turnCounter()
  const order: string[] = []
  const seen = new Set<number>()
  const work = async (name: string) => {
    for (let i = 0; i < 3; i++) {
      await nextSlice()
      order.push(name)
      seen.add(turns.count)
      workUntilOver()
    }
  }
  await Promise.all(['a', 'b', 'c'].map(work))
  turns.stop()
  expect(order.join('')).toBe('abcabcabc')
  expect(seen.size).toBe(9)
})
