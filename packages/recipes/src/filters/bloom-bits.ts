import { BLOCK_BITS } from './bloom-layout.ts'
import type { Positions } from './bloom-pattern.ts'

/** Returns whether all these bits are set. */
export function hasBits(bits: Uint8Array, positions: Positions): boolean {
  return positions.every((position) => (byteAt(bits, position) & maskOf(position)) !== 0)
}

/** Sets all these bits, and returns whether one of them was not set before. */
export function setBits(bits: Uint8Array, positions: Positions): boolean {
  const isNew = !hasBits(bits, positions)
  for (const position of positions) bits[position >> 3] = byteAt(bits, position) | maskOf(position)
  return isNew
}

/**
 * Returns about how many values have set the bits of a block, as many bits each (Swamidass and Baldi: Mathematical
 * Correction for Fingerprint Similarity Measures to Improve Chemical Retrieval, 2007).
 */
export function estimatedValues(bits: Uint8Array, hashes: number): number {
  let unset = BLOCK_BITS
  for (let byte of bits) for (; byte !== 0; byte &= byte - 1) unset--
  // Of a block that is full, nothing is known but that its values are many.
  return (-BLOCK_BITS / hashes) * Math.log(Math.max(1, unset) / BLOCK_BITS)
}

function byteAt(bits: Uint8Array, position: number): number {
  return bits[position >> 3] as number
}

function maskOf(position: number): number {
  return 1 << (position & 7)
}
