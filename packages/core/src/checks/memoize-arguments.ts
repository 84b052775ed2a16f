import type { Key } from '../contract/entry.ts'
import type { MemoizeOptions } from '../contract/memoized.ts'
import { checkFunction, checkOptions, checkString, quote } from './argument-check.ts'

const OPTION_NAMES = ['name', 'ttl', 'keep', 'failureTtl', 'tag', 'ignore', 'key']

/**
 * Throws `TypeError` or `RangeError` that names an illegal option of `memoize`; `further` lists the options that the
 * caller has beside these.
 */
export function checkMemoizeOptions<A extends readonly unknown[]>(
  options: MemoizeOptions<A, never>,
  further: readonly string[] = [],
): void {
  checkOptions('the options of memoize', options, [...OPTION_NAMES, ...further])
  checkString('name', options.name)
  if (options.name === '') throw new RangeError('Cannot use name: it is empty, and must tell functions apart')
  if (options.key !== undefined) checkFunction('key', options.key)
  const { ignore = [] } = options
  const isLegal =
    Array.isArray(ignore) && ignore.every((position) => Number.isInteger(position) && position >= 0)
  if (!isLegal)
    throw new TypeError(`Cannot use ignore: expected positions of arguments, got ${quote(ignore)}`)
}

/** Returns the arguments that take part in the key. Trailing `undefined` ones count as left out. */
export function argumentParts<A extends readonly unknown[]>(
  args: A,
  { ignore = [], key }: Pick<MemoizeOptions<A>, 'ignore' | 'key'>,
): (Key | undefined)[] {
  if (key !== undefined) return [key(...args)]
  const parts = args.filter((_, position) => !ignore.includes(position)) as (Key | undefined)[]
  while (parts.length > 0 && parts.at(-1) === undefined) parts.pop()
  return parts
}
