import { describe, expect, it } from 'vitest'
import { atMost, judge, timesFaster } from './goal.ts'

describe('judge()', () => {
  it.each([
    [1.1, 'reached'],
    [1.2, 'reached'],
    [1.5, 'met'],
    [1.51, 'missed'],
  ])('judges a cost of %d against at most 1.5, aim 1.2: %s', (ratio, verdict) => {
    expect(judge(atMost(1.5, 1.2), ratio)).toBe(verdict)
  })

  it.each([
    [1.5, 'missed'],
    [1.6, 'met'],
    [2.5, 'reached'],
  ])('judges a speedup of %d against at least 1.6, aim 2.5: %s', (ratio, verdict) => {
    expect(judge(timesFaster(1.6, 2.5), ratio)).toBe(verdict)
  })

  it('reaches the aim with the limit when there is one figure', () => {
    expect(judge(atMost(3), 3)).toBe('reached')
  })
})
