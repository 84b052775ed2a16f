/** Returns what a body returned, and throws `TypeError`, which says what cannot be done, when that is a promise. */
export function refusePromise<T>(action: string, result: T): T {
  if (typeof (result as { then?: unknown } | null | undefined)?.then !== 'function') return result
  // Nobody will await the promise, so its failure must not count as unhandled.
  Promise.resolve(result).catch(() => {})
  throw new TypeError(`Cannot ${action}: its body returned a promise, but must be synchronous`)
}
