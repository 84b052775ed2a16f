/**
 * Resolves as `promise` does, or rejects with the signal's reason as soon as that is aborted. Callers that wait for
 * one promise, with a signal or without, go on in the order in which they came.
 */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await Promise.race([promise])
  if (signal.aborted) {
    promise.catch(() => {})
    throw signal.reason
  }
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
