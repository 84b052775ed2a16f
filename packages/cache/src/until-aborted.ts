import { abortable } from '@diskcache/core'

/** Gives what `source` gives, and throws the signal's reason as soon as that is aborted, also while it waits for more. */
export async function* untilAborted(
  source: AsyncIterable<unknown>,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown> {
  if (signal === undefined) return yield* source
  const iterator = source[Symbol.asyncIterator]()
  try {
    for (;;) {
      // Each time anew: a promise that lasts as long as the source would keep all of it in memory.
      const { done, value } = await abortable(iterator.next(), signal)
      if (done) return
      yield value
    }
  } finally {
    // Not awaited: a source that hangs would hang here, too.
    Promise.resolve(iterator.return?.()).catch(() => {})
  }
}
