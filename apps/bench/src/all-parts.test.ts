import { expect, test } from 'vitest'
import { ALL_PARTS } from './all-parts.ts'

test('ALL_PARTS have names of their own, and take a quarter of an hour together', () => {
  expect(new Set(ALL_PARTS.map(({ name }) => name)).size).toBe(ALL_PARTS.length)
  expect(ALL_PARTS.reduce((sum, { minutes }) => sum + minutes, 0)).toBeLessThanOrEqual(16)
})
