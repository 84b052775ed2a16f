import { describe, expect, it } from 'vitest'
import { atMost, timesFaster } from '../goal.ts'
import { figureText, goalText } from './goals-table.ts'

describe('goalText()', () => {
  it('has the bound that must hold, and the other one where there is one', () => {
    expect(goalText(atMost(1.5, 1.2))).toBe('≤ 1.5 · 1.2')
    expect(goalText(timesFaster(8))).toBe('≥ 8')
    expect(goalText(atMost(50), 'ms')).toBe('≤ 50 ms')
  })
})

describe('figureText()', () => {
  it.each([
    [0.0123, '0.012'],
    [1.004, '1.00'],
    [23.46, '23.5'],
    [1234.5, '1,235'],
  ])('writes %d as %s', (figure, text) => {
    expect(figureText(figure)).toBe(text)
  })
})
