import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { watchLoop } from './loop-gap.ts'

test('watchLoop() finds for how long an operation blocks', async () => {
  const { duration, gap } = await watchLoop(async () => {
    await sleep(5)
    const end = performance.now() + 60
    while (performance.now() < end);
    await sleep(5)
  })
  expect(gap).toBeGreaterThanOrEqual(60)
  expect(duration).toBeGreaterThanOrEqual(gap)
})
