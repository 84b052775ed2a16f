import { bytesSum, encodeCanonicalKey, type Key } from '@diskcache/core'
import { BLOCK_BITS, type BloomLayout } from './bloom-layout.ts'

/** The number of sums that a hash may be. */
const SUMS = 2 ** 52

/** As many positions in a block as there are in the bits of one sum. */
const POSITIONS_PER_SUM = 4

/** The bits of a value in its block, each from 0 to below `BLOCK_BITS`. */
export type Positions = readonly number[]

/** Where a value stands in a Bloom filter. */
export interface BloomPattern {
  readonly block: number
  readonly positions: Positions
}

/**
 * Returns where a value stands. Two hashes make as many as are needed: the first, and each time the second more (Kirsch
 * and Mitzenmacher: Less Hashing, Same Performance, 2006).
 *
 * @throws TypeError for what cannot be a key
 */
export function bloomPattern(value: Key, { blocks, hashes }: BloomLayout): BloomPattern {
  // Within keys it may stand.
  if (value === undefined) throw new TypeError('Cannot use undefined as a key')
  const bytes = encodeCanonicalKey(value)
  const block = Math.floor((bytesSum(bytes, 0) / SUMS) * blocks)
  const step = bytesSum(bytes, 2)
  const positions: number[] = []
  for (let sum = bytesSum(bytes, 1); positions.length < hashes; sum = (sum + step) % SUMS)
    for (let i = 0, rest = sum; i < POSITIONS_PER_SUM && positions.length < hashes; i++) {
      positions.push(rest % BLOCK_BITS)
      rest = Math.floor(rest / BLOCK_BITS)
    }
  return { block, positions }
}
