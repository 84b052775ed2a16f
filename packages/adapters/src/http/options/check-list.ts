import { quote } from '@diskcache/core'

/**
 * Checks an array. `kinds` is what is allowed, for the message, where that is more.
 *
 * @throws TypeError naming the option, for something that is no array
 */
export function checkList(name: string, value: unknown, kinds = 'an array'): void {
  if (Array.isArray(value)) return
  throw new TypeError(`Cannot use ${name}: expected ${kinds}, got ${quote(value)}`)
}
