import type { Key } from '@diskcache/core'

/** Keys of all kinds, among them strings that look like what stands for the others. */
export const KEYS: readonly Key[] = [
  ...['', 'a', 'a:b', '#', '#a', '#i7', '#-500000000000000', '##', '%003a', '\ud800', 'é'],
  ...[0, 7, -7, 0.5, Infinity, 500_000_000_000_000, 123_456_789_012_345, 2n ** 63n],
  ...[null, true, Buffer.from('a'), new Date(7), ['a', 7], { a: [1] }, ['diskcache', 'lock']],
]

/** Names that others could be taken for. */
export const NAMES = ['a', 'a:', 'a:a', '%', '%003a', '#', '#a', 'é', '\ud800', '*'] as const
