/**
 * Returns whether a function among the options has said yes: what is true for JavaScript, such as a user.
 *
 * @throws TypeError for a promise, which is true whatever comes of it
 */
export function saysYes(name: string, answer: unknown): boolean {
  if (typeof (answer as { then?: unknown } | null | undefined)?.then === 'function')
    throw new TypeError(
      `Cannot use what ${name} returns: expected true or false, got a promise; find it out before the cache, and keep it on the request`,
    )
  return Boolean(answer)
}
