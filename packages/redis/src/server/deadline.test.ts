import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Deadline, DeadlineWatch } from './deadline.ts'

test('DeadlineWatch.run() rejects when the time is up, also while the clocks of a test stand still', async () => {
  const watch = new DeadlineWatch(50)
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  await expect(watch.run(() => new Promise(() => {}))).rejects.toThrow(
    expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' }),
  )
})

test.for([1, 19, 29])('DeadlineWatch.run() does not reject before %d ms', async (timeout) => {
  const watch = new DeadlineWatch(timeout)
  const begun = performance.now()
  await watch.run(() => new Promise(() => {})).catch(() => {})
  expect(performance.now() - begun).toBeGreaterThanOrEqual(timeout)
})

test('Deadline.extend() begins anew while the clocks of a test stand still', async () => {
  const watch = new DeadlineWatch(50)
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  let steps = 0
  const task = async (deadline: Deadline) => {
    for (; steps < 5; steps++) {
      await delay(30)
      deadline.extend()
    }
  }
  await watch.run(task)
  expect(steps).toBe(5)
})
