import { expect, test } from 'vitest'
import { compare, type Run } from './first-run.ts'

const first: Run = { milliseconds: 14_220, files: 4812, misses: 4700, fingerprint: 'a' }
const second: Run = { milliseconds: 900, files: 4812, misses: 0, fingerprint: 'a' }

test('compare() says how much faster the same files were', () => {
  expect(compare(second, first)).toBe(
    '4,812 of 4,812 files answered from the cache: 0.9 s instead of 14.2 s, 15.8 times faster',
  )
})

test.each([
  { misses: 12, fingerprint: 'a' },
  { misses: 0, fingerprint: 'b' },
])('compare() claims no speed for other work: %o', (difference) => {
  const sentence = compare({ ...second, ...difference }, first)
  expect(sentence).toContain('answered from the cache')
  expect(sentence).not.toContain('faster')
})

test('compare() claims no speed when no first run was finished', () => {
  expect(compare(second, undefined)).not.toContain('faster')
})
