import { describe, expect, it } from 'vitest'
import { spreadLabels } from './spread-labels.ts'

describe('spreadLabels()', () => {
  it('leaves alone what is far enough apart', () => {
    expect(spreadLabels([50, 10, 30], 14)).toEqual([50, 10, 30])
  })

  it('moves apart what is not, in its order and around its middle', () => {
    expect(spreadLabels([20, 20, 20], 10)).toEqual([10, 20, 30])
    const moved = spreadLabels([5, 4, 100], 14)
    expect((moved[0] ?? 0) - (moved[1] ?? 0)).toBeCloseTo(14)
    expect(spreadLabels([], 14)).toEqual([])
  })
})
