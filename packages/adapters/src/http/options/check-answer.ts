import { quote } from '@diskcache/core'

/**
 * Returns what a function of the application says to a question that is answered at once.
 *
 * @throws TypeError naming the function, for a promise, which would always say yes
 */
export function checkAnswer(name: string, answer: unknown): boolean {
  if (typeof (answer as { then?: unknown } | null | undefined)?.then !== 'function') return Boolean(answer)
  throw new TypeError(`Cannot use what ${name} returns: expected a boolean at once, got ${quote(answer)}`)
}
