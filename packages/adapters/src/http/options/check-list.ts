import { quote } from '@diskcache/core'

/** @throws TypeError naming the option, for something that is no array */
export function checkList(name: string, value: unknown): void {
  if (Array.isArray(value)) return
  throw new TypeError(`Cannot use ${name}: expected an array, got ${quote(value)}`)
}
