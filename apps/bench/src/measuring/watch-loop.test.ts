import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { watchLoop } from './watch-loop.ts'

test('watchLoop() finds how much an operation computes at a time', async () => {
  const { duration, blocked } = await watchLoop(async () => {
    await sleep(5)
    const start = process.threadCpuUsage()
    while (process.threadCpuUsage(start).user < 60_000);
    await sleep(5)
  })
  expect(blocked).toBeGreaterThanOrEqual(60)
  expect(duration).toBeGreaterThanOrEqual(60)
})
