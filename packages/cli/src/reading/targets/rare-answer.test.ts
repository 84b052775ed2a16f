import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RareAnswer } from './rare-answer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('RareAnswer asks again when fifty times as long as it took has passed, once for all', async () => {
  const ask = vi.fn(() => new Promise<number>((resolve) => setTimeout(resolve, 100, ask.mock.calls.length)))
  const answer = new RareAnswer(ask)
  const first = Promise.all([answer.get(), answer.get()])
  await vi.advanceTimersByTimeAsync(100)
  expect(await first).toEqual([1, 1])
  await vi.advanceTimersByTimeAsync(4_900)
  expect(await answer.get()).toBe(1)
  await vi.advanceTimersByTimeAsync(200)
  const second = answer.get()
  await vi.advanceTimersByTimeAsync(100)
  expect(await second).toBe(2)
})

test('RareAnswer asks again after a failure', async () => {
  const ask = vi.fn(async () => 'x').mockRejectedValueOnce(new Error('away'))
  const answer = new RareAnswer(ask)
  await expect(answer.get()).rejects.toThrow('away')
  expect(await answer.get()).toBe('x')
})
