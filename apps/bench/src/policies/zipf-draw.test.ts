import { describe, expect, it } from 'vitest'
import { seededRandom } from '../core-workload/seeded-random.ts'
import { zipfDraw, zipfShare } from './zipf-draw.ts'

describe('zipfDraw()', () => {
  it('draws the second rank half as often as the first, and the tenth a tenth as often', () => {
    const draw = zipfDraw(100, seededRandom(5))
    const counts = Array.from({ length: 100 }, () => 0)
    for (let i = 0; i < 200_000; i++) {
      const rank = draw()
      counts[rank] = (counts[rank] ?? Number.NaN) + 1
    }
    const [first = 0, second = 0] = counts
    expect(second / first).toBeCloseTo(1 / 2, 1)
    expect((counts[9] ?? 0) / first).toBeCloseTo(1 / 10, 1)
    expect(counts.reduce((sum, count) => sum + count)).toBe(200_000)
  })

  it('stays within its ranks at both ends', () => {
    expect(zipfDraw(3, () => 0)()).toBe(0)
    expect(zipfDraw(3, () => 1 - Number.EPSILON)()).toBe(2)
    expect(zipfDraw(3, () => 1)()).toBe(2)
  })
})

it('zipfShare() is the share of the first ranks', () => {
  expect(zipfShare(1, 2)).toBeCloseTo(2 / 3)
  expect(zipfShare(4, 4)).toBe(1)
})
