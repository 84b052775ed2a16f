import { describe, expect, it } from 'vitest'
import { seededRandom } from '../core-workload/seeded-random.ts'
import { hotDraw, scattered, uniformDraw } from './draws.ts'

const COUNT = 100_000

it.each([1_000, 20_000, 100_000, 1_000_000])('scattered() gives each of %d keys once', (count) => {
  expect(new Set(Array.from({ length: count }, (_, i) => scattered(i, count))).size).toBe(count)
})

describe('hotDraw()', () => {
  it('draws one of a thousand keys nine times out of ten', () => {
    const hot = new Set(Array.from({ length: 1_000 }, (_, i) => scattered(i, COUNT)))
    const draw = hotDraw(COUNT, seededRandom(1))
    const drawn = Array.from({ length: 50_000 }, draw)
    expect(drawn.filter((key) => hot.has(key)).length / drawn.length).toBeCloseTo(0.9, 1)
    expect(drawn.every((key) => key >= 0 && key < COUNT)).toBe(true)
  })

  it('draws every key alike where there are no more than a thousand', () => {
    const draw = hotDraw(10, seededRandom(1))
    expect(new Set(Array.from({ length: 1_000 }, draw)).size).toBe(10)
  })
})

it('uniformDraw() reaches the first and the last key', () => {
  expect(uniformDraw(7, () => 0)()).toBe(0)
  expect(uniformDraw(7, () => 1 - Number.EPSILON)()).toBe(6)
})
