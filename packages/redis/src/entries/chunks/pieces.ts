import { type ByteSource, chunksOf } from '@diskcache/core'
import { CHUNK_SIZE } from './chunks.ts'

/** What the source gives, in pieces of {@link CHUNK_SIZE}, of which the last may be shorter; as `chunksOf` otherwise. */
export async function* pieces(source: ByteSource, signal: AbortSignal): AsyncGenerator<Buffer, void> {
  let parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunksOf(source, signal)) {
    for (let rest = chunk; rest.length > 0; ) {
      const taken = rest.subarray(0, CHUNK_SIZE - length)
      rest = rest.subarray(taken.length)
      parts.push(taken)
      length += taken.length
      if (length < CHUNK_SIZE) continue
      yield Buffer.concat(parts)
      parts = []
      length = 0
    }
  }
  if (length > 0) yield Buffer.concat(parts)
}
