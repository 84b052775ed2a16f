import { expect, it } from 'vitest'
import { scattered, Workload } from './workload.ts'

it.each([20, 100, 1_000, 10_000, 100_000, 1_000_000])('scattered() gives each of %d keys once', (count) => {
  expect(new Set(Array.from({ length: count }, (_, i) => scattered(i, count))).size).toBe(count)
})

it('Workload gives a key another value each time', () => {
  const work = new Workload()
  const before = new Map(work.entries(1_000))
  for (const [key, value] of work.entries(1_000)) {
    expect(value).toHaveLength(100)
    expect(value).not.toBe(before.get(key))
  }
})
