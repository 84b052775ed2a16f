import type { StoreListing, SurveyStep } from '@diskcache/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Target } from '../../../reading/targets/target.ts'
import { SurveyRun } from './survey-run.ts'

/** A store that takes so many steps, of 100 ms each, to be counted. */
function slowTarget(steps: number) {
  const counts = { begun: 0, ended: 0 }
  const listing: Partial<StoreListing> = {
    async *survey(): AsyncGenerator<SurveyStep, void, void> {
      counts.begun++
      try {
        for (let scanned = 1; scanned <= steps; scanned++) {
          vi.advanceTimersByTime(100)
          yield { groups: [], scanned, total: steps, isDone: scanned === steps }
        }
      } finally {
        counts.ended++
      }
    },
  }
  return { target: { listing } as unknown as Target, counts }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('SurveyRun.sums() counts once for all who ask, as far as they ask', async () => {
  const { target, counts } = slowTarget(10)
  const run = new SurveyRun(target)
  const [first, same] = await Promise.all([run.sums(), run.sums()])
  expect(first).toMatchObject({ scanned: 4, isDone: false })
  expect(same).toBe(first)
  expect(await run.sums()).toMatchObject({ scanned: 8 })
  const last = await run.sums()
  expect(last).toMatchObject({ scanned: 10, isDone: true })
  expect(await run.sums()).toBe(last)
  expect(counts).toEqual({ begun: 1, ended: 0 })
})

test('SurveyRun counts anew after ten times as long as it took', async () => {
  const { target, counts } = slowTarget(20)
  const run = new SurveyRun(target)
  while (!(await run.sums()).isDone);
  await vi.advanceTimersByTimeAsync(19_000)
  await run.sums()
  expect(counts.begun).toBe(1)
  await vi.advanceTimersByTimeAsync(2_000)
  await run.sums()
  expect(counts.begun).toBe(2)
})

test('SurveyRun gives up what nobody asks for', async () => {
  const { target, counts } = slowTarget(10)
  const run = new SurveyRun(target)
  await run.sums()
  await vi.advanceTimersByTimeAsync(11_000)
  expect(counts).toEqual({ begun: 1, ended: 1 })
  expect(vi.getTimerCount()).toBe(0)
})

test('SurveyRun.sums() begins anew after it has failed', async () => {
  const { target } = slowTarget(1)
  const { survey } = target.listing
  let isAway = true
  Object.assign(target.listing, {
    survey: () => {
      if (isAway) throw new Error('away')
      return survey()
    },
  })
  const run = new SurveyRun(target)
  await expect(run.sums()).rejects.toThrow('away')
  isAway = false
  expect((await run.sums()).isDone).toBe(true)
  run.close()
})
