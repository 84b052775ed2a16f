import { type ByteSource, quote } from '@diskcache/core'
import { CHUNK_SIZE } from './chunks.ts'

/** Throws `TypeError` for what cannot be read from. */
export function checkSource(source: unknown): asserts source is ByteSource {
  if (typeof (source as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] === 'function') return
  throw new TypeError(`Cannot use source: expected a stream or something to iterate, got ${quote(source)}`)
}

/**
 * What the source gives, in pieces of {@link CHUNK_SIZE}, of which the last may be shorter. Throws the signal's reason as
 * soon as that is aborted, also while the source is silent.
 */
export async function* pieces(source: ByteSource, signal: AbortSignal): AsyncGenerator<Buffer, void> {
  let parts: Uint8Array[] = []
  let length = 0
  for await (const part of untilAborted(source as AsyncIterable<unknown>, signal)) {
    for (let rest = bytesOf(part); rest.length > 0; ) {
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

async function* untilAborted(source: AsyncIterable<unknown>, signal: AbortSignal): AsyncGenerator<unknown> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  aborted.catch(() => {})
  const abort = () => reject(signal.reason)
  const iterator = source[Symbol.asyncIterator]()
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    for (;;) {
      const next = await Promise.race([aborted, iterator.next()])
      if (next.done) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', abort)
    // A source that never answers must not keep us here.
    Promise.resolve(iterator.return?.()).catch(() => {})
  }
}

function bytesOf(part: unknown): Uint8Array {
  if (part instanceof Uint8Array) return part
  if (typeof part === 'string') return Buffer.from(part, 'utf8')
  throw new TypeError(`Cannot write a part of the source: expected bytes or a string, got ${quote(part)}`)
}
