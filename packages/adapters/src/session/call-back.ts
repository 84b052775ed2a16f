/**
 * Tells a callback, if there is one, how an operation ends. It is called outside of the promise: what it throws is its own
 * program's, as with any callback.
 */
export function callBack<T>(
  operation: Promise<T>,
  callback: ((error: unknown, result?: NoInfer<T>) => void) | undefined,
): void {
  operation.then(
    (result) => callback && process.nextTick(callback, null, result),
    (error) => callback && process.nextTick(callback, error),
  )
}
