import { checkString, quote } from '@diskcache/core'

/**
 * Returns a prefix of keys that ends with its only colon: so none is the beginning of another, and limits that share a
 * cache never count each other's hits.
 *
 * @throws TypeError for what is no string, RangeError for one of another form
 */
export function checkPrefix(prefix: unknown): string {
  const text = checkString('prefix', prefix)
  if (/^[^:\p{Surrogate}]+:$/u.test(text)) return text
  throw new RangeError(
    `Cannot use prefix: expected text that ends with its only colon, such as 'login-limit:', got ${quote(text)}`,
  )
}
