import { expect, onTestFinished, test, vi } from 'vitest'
import { BytesSum, bytesSum, bytesSumInTurns } from './bytes-sum.ts'

const BYTES = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 251))

test.each([1, 1_000, 2 ** 16 - 1, 2 ** 16, 2 ** 16 + 1, 199_999])(
  'the sum does not depend on how the bytes come: %i at a time',
  (size) => {
    const sum = new BytesSum()
    for (let at = 0; at < BYTES.length; at += size) sum.add(BYTES.subarray(at, at + size))
    expect(sum.end()).toBe(bytesSum(BYTES))
  },
)

test.each([0, 65_535, 65_536, 131_071, 131_072, 199_999])('a change of byte %i changes the sum', (at) => {
  const changed = Buffer.from(BYTES)
  changed[at] = (changed[at] as number) ^ 1
  expect(bytesSum(changed)).not.toBe(bytesSum(BYTES))
})

test('pieces that change places, bytes that are missing, and zeros at the end change the sum', () => {
  const size = 2 ** 16
  const [first, second, rest] = [
    BYTES.subarray(0, size),
    BYTES.subarray(size, 2 * size),
    BYTES.subarray(2 * size),
  ]
  const others = [
    Buffer.concat([second, first, rest]),
    BYTES.subarray(0, -1),
    Buffer.concat([BYTES, Buffer.alloc(1)]),
  ]
  const sums = [BYTES, ...others].map(bytesSum)
  expect(new Set(sums).size).toBe(sums.length)
})

test('bytesSumInTurns() gives the same, and lets others run', async () => {
  const many = Buffer.alloc(2 ** 26 + 1, 'abc')
  let hasTurned = false
  setImmediate(() => {
    hasTurned = true
  })
  expect(await bytesSumInTurns(many)).toBe(bytesSum(many))
  expect(hasTurned).toBe(true)
})

test('bytesSumInTurns() goes on while timers are fake', async () => {
  const many = Buffer.alloc(2 ** 26 + 1, 'abc')
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  expect(await bytesSumInTurns(many)).toBe(bytesSum(many))
})
