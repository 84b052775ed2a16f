import { performance } from 'node:perf_hooks'
import { expect, test, vi } from 'vitest'
import { RemovalPace } from './removal-pace.ts'

test('RemovalPace rests after twenty milliseconds of work, and not for the time of its rest', () => {
  let now = 1_000
  using _ = vi.spyOn(performance, 'now').mockImplementation(() => now)
  const pace = new RemovalPace()
  const restAfter = (time: number) => {
    now += time
    return pace.rest()
  }
  expect([19, 1, 8, 19, 1].map(restAfter)).toEqual([0, 8, 0, 0, 8])
})
