import { expect, it } from 'vitest'
import { coreContenders } from './core-contender.ts'
import { runCoreWorkload } from './run-core-workload.ts'

it.each(coreContenders(2, { python: false }))(
  'runCoreWorkload() records what two processes do on $name',
  async (contender) => {
    const { operations, wall } = await runCoreWorkload(contender, 2, { operations: 1_000, warmUp: 100 })
    for (const { p50, p90, p99, max, total } of Object.values(operations)) {
      expect([p50, p90, p99, max].toSorted((a, b) => a - b)).toEqual([p50, p90, p99, max])
      expect(p50).toBeGreaterThan(0)
      expect(total).toBeGreaterThanOrEqual(max)
    }
    expect(operations.get.misses).toBeGreaterThan(0)
    expect(wall).toBeGreaterThan(0)
  },
)
