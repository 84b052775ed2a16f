import { quote } from '@diskcache/core'

/**
 * Checks an array. `kinds` is what is allowed, for the message, where that is more.
 *
 * @throws TypeError naming the option, for something that is no array
 */
export function checkList<T>(name: string, value: readonly T[], kinds = 'an array'): readonly T[] {
  if (Array.isArray(value)) return value
  throw new TypeError(`Cannot use ${name}: expected ${kinds}, got ${quote(value)}`)
}

/**
 * Checks a list of all that the cache takes part in, beside which there is nothing. `otherwise` says what it is left out for.
 *
 * @throws TypeError naming the option, for something that is no array, RangeError for an empty one
 */
export function checkOneOrMore(name: string, value: readonly unknown[], otherwise: string): void {
  if (checkList(name, value).length > 0) return
  throw new RangeError(`Cannot use ${name}: the list is empty; leave the option out ${otherwise}`)
}
