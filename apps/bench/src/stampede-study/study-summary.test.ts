import { expect, it } from 'vitest'
import { levelsOf, summarizeStudy } from './study-summary.ts'

it('summarizeStudy() counts runs, how many of them there were at a time, and how long callers waited', () => {
  const calls = Array.from({ length: 100 }, (_, i) => [i, i + i + 1] as const)
  const runs = [
    [0, 10],
    [5, 12],
    [10, 20],
    [30, 31],
  ] as const
  expect(summarizeStudy({ calls, runs })).toEqual({
    calls: 100,
    runs: 4,
    concurrency: 2,
    p50: 50,
    p99: 99,
    slowest: 100,
  })
})

it('summarizeStudy() gives zeros when nothing was run', () => {
  expect(summarizeStudy({ calls: [[0, 1]], runs: [] })).toMatchObject({ runs: 0, concurrency: 0 })
})

it('levelsOf() ends a stretch before another begins in the same moment', () => {
  expect(
    levelsOf([
      [1, 2],
      [2, 3],
    ]).map(({ level }) => level),
  ).toEqual([1, 0, 1, 0])
})
