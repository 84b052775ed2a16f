import type { ByteSource } from '../contract/operation-options.ts'
import { chunksOf } from './byte-source.ts'

/** The most bytes that are collected of a stream, 64 MiB: it is there for sources that fit in no memory. */
const MAX_COLLECTED_LENGTH = 64 * 1024 * 1024

/**
 * Resolves to all bytes of a source, or to `undefined` as soon as there are more than `limit`, or than 64 MiB.
 *
 * @throws the reason of `signal` as soon as that is aborted
 */
export async function collectBytes(
  source: ByteSource,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunksOf(source, signal)) {
    length += chunk.length
    if (length > Math.min(limit, MAX_COLLECTED_LENGTH)) return undefined
    // A copy: a source may use its buffer again.
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks)
}
