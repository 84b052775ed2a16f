import { expect, it } from 'vitest'
import { levelsOf, summarizeCrowd } from './crowd-study.ts'

it('summarizeCrowd() counts runs, how many of them there were at a time, and how long callers waited', () => {
  const calls = Array.from({ length: 100 }, (_, i) => [i, i + i + 1] as const)
  const runs = [[0, 10] as const, [5, 12] as const, [10, 20] as const, [30, 31] as const]
  const times = { p50: 50, p99: 99, slowest: 100 }
  expect(summarizeCrowd({ calls, runs })).toEqual({ calls: 100, runs: 4, concurrency: 2, ...times })
})

it('summarizeCrowd() gives zeros when nothing was run', () => {
  expect(summarizeCrowd({ calls: [[0, 1]], runs: [] })).toMatchObject({ runs: 0, concurrency: 0 })
})

it('levelsOf() ends a stretch before another begins in the same moment', () => {
  const stretches = [[1, 2] as const, [2, 3] as const]
  expect(levelsOf(stretches).map(({ level }) => level)).toEqual([1, 0, 1, 0])
})
