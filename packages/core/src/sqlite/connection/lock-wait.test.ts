import { expect, onTestFinished, test, vi } from 'vitest'
import { withRetry } from './lock-retry.ts'
import { LockWait, lockTimeout } from './lock-wait.ts'

const patience = { timeout: 30, store: 'store', readonly: false, isInVain: () => false }

/** The most steps that a wait of 30 ms takes, and many more. */
const MANY = 1_000

function stopClocks(): void {
  vi.useFakeTimers()
  vi.spyOn(performance, 'now').mockReturnValue(performance.now())
  onTestFinished(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })
}

/** Waits step by step, but not for ever. */
function sleepOn(wait: LockWait): void {
  for (let steps = 0; steps < MANY; steps++) wait.sleep()
}

test('LockWait.sleep() throws when the time is up while the clocks of a test stand still', () => {
  stopClocks()
  expect(() => sleepOn(new LockWait(patience))).toThrow(lockTimeout(30))
})

test('LockWait.sleep() waits for its time when the wall clock is set', () => {
  const now = Date.now()
  const date = vi.spyOn(Date, 'now')
  onTestFinished(() => void vi.restoreAllMocks())
  for (const hours of [-1, 1]) {
    const wait = new LockWait(patience)
    date.mockReturnValue(now + hours * 3_600_000)
    wait.sleep()
    expect(() => sleepOn(wait)).toThrow(lockTimeout(30))
  }
})

test('withRetry() rejects when the time is up while the clocks of a test stand still', async () => {
  stopClocks()
  let attempts = 0
  const attempt = () => {
    if (++attempts > MANY) throw new Error('endless')
    throw lockTimeout(0)
  }
  await expect(withRetry({ store: 'store', timeout: 30 }, attempt)).rejects.toThrow(lockTimeout(30))
})
