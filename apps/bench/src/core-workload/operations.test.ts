import { describe, expect, it } from 'vitest'
import { OPERATIONS, steps } from './operations.ts'

const COUNT = 100_000

describe('steps()', () => {
  it('does 90 % get, 9 % set and 1 % delete', () => {
    const counts = { get: 0, set: 0, delete: 0 }
    for (const { operation } of steps(3, COUNT)) counts[operation]++
    const shares = OPERATIONS.map((operation) => counts[operation] / COUNT)
    expect(shares[0]).toBeCloseTo(0.9, 2)
    expect(shares[1]).toBeCloseTo(0.09, 2)
    expect(shares[2]).toBeCloseTo(0.01, 2)
  })

  it('uses the keys from 0 to 99 alike, and the number of the step up to 99 times as the value', () => {
    const keys = new Map<string, number>()
    let number = 0
    for (const { key, value } of steps(0, COUNT)) {
      keys.set(key.toString(), (keys.get(key.toString()) ?? 0) + 1)
      const digits = String(number++)
      const repeats = value.length / digits.length
      expect(repeats >= 1 && repeats <= 99 && value.toString() === digits.repeat(repeats)).toBe(true)
    }
    expect([...keys.keys()].map(Number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    )
    expect(Math.min(...keys.values())).toBeGreaterThan((COUNT / 100) * 0.8)
  })

  it('does the same for the same seed, and something else for another', () => {
    const of = (seed: number) => steps(seed, 100).toArray()
    expect(of(1)).toEqual(of(1))
    expect(of(1)).not.toEqual(of(2))
  })
})
