import { hasCode } from '@diskcache/core'
import { PART_BYTES, partLine } from '../lines/part-line.ts'
import { sealLine } from '../lines/sealed-line.ts'

/** How the value ended whose lines were given. */
export type PartsEnd = 'whole' | 'broken'

/**
 * Gives the line of an entry, and those of the parts of its value, and returns how that ended: it is broken where the
 * source fails as damaged bytes do.
 */
export async function* partLines(
  entry: string,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, PartsEnd, void> {
  let { bytes, sum } = sealLine(entry)
  let number = 0
  const part = (content: Buffer, end?: PartsEnd) => {
    ;({ bytes, sum } = sealLine(partLine({ number: number++, bytes: content, end }), sum))
    return bytes
  }
  yield bytes
  let end: PartsEnd = 'whole'
  try {
    for await (const piece of evenPieces(source)) yield part(piece)
  } catch (error) {
    if (!isDamage(error)) throw error
    end = 'broken'
  }
  yield part(Buffer.alloc(0), end)
  return end
}

/** Returns whether an error is about one entry, which cannot be read here. */
export function isDamage(error: unknown): boolean {
  return (
    hasCode(error, 'ERR_DISKCACHE_CORRUPT') ||
    hasCode(error, 'ERR_DISKCACHE_FORMAT') ||
    hasCode(error, 'ERR_DISKCACHE_FOREIGN_VALUE')
  )
}

/** Gives bytes that are at hand as a source. */
export async function* alone(bytes: Buffer): AsyncGenerator<Buffer, void, void> {
  yield bytes
}

/** Gives the same bytes in pieces of one length; the last one may be shorter. */
async function* evenPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, void> {
  const piece = Buffer.allocUnsafe(PART_BYTES)
  let filled = 0
  for await (const bytes of source) {
    for (let at = 0; at < bytes.length; ) {
      const count = Math.min(bytes.length - at, PART_BYTES - filled)
      piece.set(bytes.subarray(at, at + count), filled)
      filled += count
      at += count
      if (filled < PART_BYTES) continue
      yield piece
      filled = 0
    }
  }
  if (filled > 0) yield piece.subarray(0, filled)
}
