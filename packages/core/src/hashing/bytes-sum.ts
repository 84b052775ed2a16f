import promises from 'node:timers/promises'
import { PIECE_BYTES, xxh64 } from './xxh64.ts'

/** Taken now, as a test of the application may put another in its place. */
const { setImmediate: turn } = promises

/** The number of bytes that are hashed in one turn of the event loop, some ten milliseconds. */
const BYTES_PER_TURN = 2 ** 26

/**
 * The checksum of bytes that come little by little, 52 bits: XXH64 of each piece of 64 KiB, seeded with that of the
 * one before.
 */
export class BytesSum {
  readonly #xxh64 = xxh64()
  #sum = 0
  /** The bytes of a piece that is not full yet. */
  #piece: Buffer | undefined
  #filled = 0

  /** Goes on with these bytes. */
  add(bytes: Uint8Array): void {
    let at = 0
    if (this.#filled > 0) at = this.#fill(bytes)
    for (; bytes.length - at >= PIECE_BYTES; at += PIECE_BYTES)
      this.#hash(bytes.subarray(at, at + PIECE_BYTES))
    if (at < bytes.length) this.#fill(bytes.subarray(at))
  }

  /** Returns the checksum of all bytes, after which none may come. */
  end(): number {
    if (this.#filled > 0) this.#hash((this.#piece as Buffer).subarray(0, this.#filled))
    return this.#sum
  }

  /** Returns how many bytes were taken into the piece that is not full. */
  #fill(bytes: Uint8Array): number {
    this.#piece ??= Buffer.allocUnsafe(PIECE_BYTES)
    const count = Math.min(bytes.length, PIECE_BYTES - this.#filled)
    this.#piece.set(count === bytes.length ? bytes : bytes.subarray(0, count), this.#filled)
    this.#filled += count
    if (this.#filled === PIECE_BYTES) {
      this.#hash(this.#piece)
      this.#filled = 0
    }
    return count
  }

  #hash(piece: Uint8Array): void {
    this.#xxh64.memory.set(piece)
    this.#sum = this.#xxh64.hash(piece.length, this.#sum)
  }
}

/** Returns the checksum of bytes that are at hand: with each seed of 52 bits, 0 unless given, another one. */
export function bytesSum(bytes: Uint8Array, seed = 0): number {
  const { memory, hash } = xxh64()
  let sum = seed
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const piece = bytes.subarray(at, at + PIECE_BYTES)
    memory.set(piece)
    sum = hash(piece.length, sum)
  }
  return sum
}

/** Resolves to the checksum of bytes that are at hand, in turns of the event loop when they are many. */
export async function bytesSumInTurns(bytes: Uint8Array): Promise<number> {
  const sum = new BytesSum()
  for (let at = 0; at < bytes.length; at += BYTES_PER_TURN) {
    if (at > 0) await turn()
    sum.add(bytes.subarray(at, at + BYTES_PER_TURN))
  }
  return sum.end()
}
