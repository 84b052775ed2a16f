import { expect, test } from 'vitest'
import { hasBits, setBits } from './bloom-bits.ts'
import { BLOCK_BITS, BLOCK_BYTES, bloomLayout } from './bloom-layout.ts'
import { bloomPattern } from './bloom-pattern.ts'

const ASKED = 200_000

/** Returns how often a full filter takes a value for one that was added when it was not. */
function measuredErrorRate(capacity: number, errorRate: number): number {
  const layout = bloomLayout(capacity, errorRate)
  const blocks = Array.from({ length: layout.blocks }, () => new Uint8Array(BLOCK_BYTES))
  for (let i = 0; i < capacity; i++) {
    const { block, positions } = bloomPattern(`added ${i}`, layout)
    setBits(blocks[block]!, positions)
  }
  let found = 0
  for (let i = 0; i < ASKED; i++) {
    const { block, positions } = bloomPattern(`other ${i}`, layout)
    if (hasBits(blocks[block]!, positions)) found++
  }
  return found / ASKED
}

test.each([
  [1_000, 0.1],
  [10_000, 0.01],
  [100_000, 0.01],
  [100_000, 0.001],
  [50_000, 0.5],
])('bloomLayout() of %i values keeps to an error rate of %f when all are there', (capacity, errorRate) => {
  const rate = measuredErrorRate(capacity, errorRate)
  expect(rate).toBeLessThan(1.15 * errorRate)
  // The least filter has one block, which is larger than a few values need.
  if (capacity > 1_000) expect(rate).toBeGreaterThan(0.8 * errorRate)
})

test.each([
  [0.1, 5],
  [0.01, 10.2],
  [0.001, 14.8],
  [0.000001, 31],
])('bloomLayout() for an error rate of %f takes fewer than %f bits for each value', (errorRate, bits) => {
  const { blocks } = bloomLayout(500_000, errorRate)
  expect((blocks * BLOCK_BITS) / 500_000).toBeLessThan(bits)
})

test('bloomLayout() is the same for ever: another would not find what was added', () => {
  expect(bloomLayout(1, 0.01)).toEqual({ blocks: 1, hashes: 7 })
  expect(bloomLayout(100_000, 0.01)).toEqual({ blocks: 246, hashes: 7 })
  expect(bloomLayout(20_000_000, 0.01)).toEqual({ blocks: 49_310, hashes: 7 })
})

test('bloomPattern() is the same for ever', () => {
  const layout = bloomLayout(100_000, 0.01)
  expect(bloomPattern('value', layout)).toEqual({
    block: 185,
    positions: [2776, 857, 2071, 1763, 974, 4004, 1136],
  })
  expect(bloomPattern(['a', 1], layout)).toEqual({
    block: 12,
    positions: [3444, 3559, 498, 2377, 2593, 3874, 3490],
  })
})

test('bloomPattern() uses all blocks and all bits', () => {
  const layout = bloomLayout(100_000, 0.000001)
  const blocks = new Set<number>()
  const bits = new Set<number>()
  for (let i = 0; i < 20_000; i++) {
    const { block, positions } = bloomPattern(i, layout)
    expect(positions).toHaveLength(20)
    blocks.add(block)
    for (const position of positions) bits.add(position)
  }
  expect([blocks.size, bits.size]).toEqual([layout.blocks, BLOCK_BITS])
})
