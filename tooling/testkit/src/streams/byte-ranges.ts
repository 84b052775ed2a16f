import type { ReadOptions } from '@diskcache/core'

/** The bytes of one chunk, where an engine has large values in chunks, or that it reads at a time. */
const CHUNKS = [32 * 1024, 64 * 1024, 256 * 1024 - 64]

/** Values of which parts are read, each after what it is. */
export const VALUES_OF_BYTES: readonly (readonly [what: string, value: string | Buffer])[] = [
  ['a short text', 'ä€x'],
  ['a long text', '€'.repeat(30_000)],
  ['few bytes', Buffer.from('bytes')],
  ['many bytes', Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) % 256))],
  [
    'more than a mebibyte',
    Buffer.from(Array.from({ length: 1_200_000 }, (_, i) => (i * 3 + (i >> 8)) % 256)),
  ],
  ['no text', ''],
  ['no bytes', Buffer.alloc(0)],
]

/** Returns ranges of a value: at its ends and beyond, where chunks meet, of nothing, one byte, a few, and all the rest. */
export function rangesOf(size: number): ReadOptions[] {
  const edges = [0, 1, size >> 1, size - 1, size, size + 1, ...CHUNKS.flatMap((at) => [at - 1, at])]
  const starts = [...new Set(edges)].filter((start) => start >= 0 && start <= size + 1)
  const from = (start: number): ReadOptions[] => [
    { start },
    { start, end: start },
    { start, end: start + 1 },
    { start, end: start + CHUNKS[0]! },
    { start, end: Infinity },
  ]
  return [{}, { end: 1 }, { end: size }, { start: undefined, end: undefined }, ...starts.flatMap(from)]
}

/** Options that `read` refuses, each with the error. */
export const ILLEGAL_RANGES: readonly (readonly [options: object, error: typeof RangeError])[] = [
  [{ start: -1 }, RangeError],
  [{ start: 0.5 }, RangeError],
  [{ start: 2, end: 1 }, RangeError],
  [{ end: Number.NaN }, RangeError],
  [{ start: '1' }, TypeError],
  [{ end: null }, TypeError],
  [{ length: 1 }, TypeError],
]
