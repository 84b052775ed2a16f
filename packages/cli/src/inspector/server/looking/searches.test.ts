import type { ListStep, StoreListing } from '@diskcache/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Target } from '../../../reading/targets/target.ts'
import { Searches } from './searches.ts'

/** A store whose searches take a number of steps, of 100 ms each. */
function slowTarget(steps: number) {
  const counts = { ended: 0 }
  const listing: Partial<StoreListing> = {
    async *list(): AsyncGenerator<ListStep, void, void> {
      try {
        for (let scanned = 1; scanned <= steps; scanned++) {
          vi.advanceTimersByTime(100)
          yield { entries: [], scanned, total: steps, isDone: scanned === steps }
        }
      } finally {
        counts.ended++
      }
    },
  }
  return { target: { listing } as unknown as Target, counts }
}

const query = { limit: 10 }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('Searches.begin() answers with what was found by then, and goOn() with the rest', async () => {
  const searches = new Searches(slowTarget(10).target)
  const first = await searches.begin(query)
  expect(first).toEqual({ entries: [], scanned: 4, total: 10, isDone: false, search: '1' })
  const second = await searches.goOn(first.search!)
  expect(second).toMatchObject({ scanned: 8, isDone: false })
  const third = await searches.goOn(second.search!)
  expect(third).toEqual({ entries: [], scanned: 10, total: 10, isDone: true })
  expect(() => searches.goOn(second.search!)).toThrow('begin it again')
  expect(vi.getTimerCount()).toBe(0)
})

test('Searches.goOn() has no search that somebody else goes on with', async () => {
  const searches = new Searches(slowTarget(10).target)
  const { search } = await searches.begin(query)
  const going = searches.goOn(search!)
  expect(() => searches.goOn(search!)).toThrow('begin it again')
  await going
  searches.close()
})

test('Searches keeps the 16 last', async () => {
  const { target, counts } = slowTarget(10)
  const searches = new Searches(target)
  const numbers: string[] = []
  for (let n = 0; n < 20; n++) numbers.push((await searches.begin(query)).search!)
  await vi.advanceTimersByTimeAsync(0)
  expect(counts.ended).toBe(4)
  expect(() => searches.goOn(numbers[3]!)).toThrow()
  expect((await searches.goOn(numbers[4]!)).scanned).toBe(8)
  searches.close()
  await vi.advanceTimersByTimeAsync(0)
  expect([counts.ended, vi.getTimerCount()]).toEqual([20, 0])
})

test('Searches gives up what nobody asks for within 30 s', async () => {
  const { target, counts } = slowTarget(10)
  const searches = new Searches(target)
  const { search } = await searches.begin(query)
  await vi.advanceTimersByTimeAsync(29_000)
  expect(counts.ended).toBe(0)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(counts.ended).toBe(1)
  expect(() => searches.goOn(search!)).toThrow()
})
