import { expect, it } from 'vitest'
import { takeTurns } from './take-turns.ts'

it('takeTurns() lets contenders take turns, and does not count the rounds that warm up', async () => {
  const order: string[] = []
  const contender = (name: string, times: number[]) => ({
    time(calls: number) {
      order.push(`${name}${calls}`)
      return times.shift() ?? Number.NaN
    },
  })
  const times = await takeTurns([contender('a', [90, 1, 2]), contender('b', [91, 3, 4])], 5, {
    milliseconds: 0,
    fewestRounds: 2,
    warmUpRounds: 1,
  })
  expect(order).toEqual(['a5', 'b5', 'a5', 'b5', 'a5', 'b5'])
  expect(times).toEqual([
    [1, 2],
    [3, 4],
  ])
})
