import { quote } from '../checks/argument-check.ts'
import type { ByteSource } from '../contract/operation-options.ts'
import { abortable } from '../waiting/abortable.ts'

/** Throws `TypeError` for what bytes cannot be read from. */
export function checkSource(source: unknown): asserts source is ByteSource {
  if (typeof (source as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] === 'function') return
  throw new TypeError(`Cannot use source: expected a stream or an async iterable, got ${quote(source)}`)
}

/**
 * Iterates over the chunks of a source, as bytes, in memory that does not grow with their number.
 *
 * @throws the reason of `signal` as soon as that is aborted, also while the source is silent
 * @throws TypeError for a chunk that is neither bytes nor a string
 */
export async function* chunksOf(
  source: ByteSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  const iterator = (source as AsyncIterable<unknown>)[Symbol.asyncIterator]()
  try {
    for (;;) {
      // Each chunk has a race of its own: a promise that lasts as long as the source would keep all chunks in memory.
      const { done, value } = await abortable(Promise.resolve(iterator.next()), signal)
      if (done) return
      yield bytesOf(value)
    }
  } finally {
    const end = Promise.resolve(iterator.return?.())
    // A source that hangs when the signal is aborted would hang here, too.
    if (signal?.aborted) end.catch(() => {})
    else await end
  }
}

function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk === 'string') return Buffer.from(chunk, 'utf8')
  throw new TypeError(`Cannot write a chunk: expected bytes or a string, got ${quote(chunk)}`)
}
