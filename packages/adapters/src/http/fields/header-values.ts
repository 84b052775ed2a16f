import type { OutgoingHttpHeader } from 'node:http'

/** A field of a request or response, as Node has it. */
export type HeaderValue = OutgoingHttpHeader | readonly string[] | undefined

/** Returns the lines of a field as one (RFC 9110, 5.2), or `undefined` when it is absent. */
export function joined(value: HeaderValue): string | undefined {
  if (value === undefined) return undefined
  return Array.isArray(value) ? value.join(', ') : String(value)
}

/** Returns the members of a list of tokens, in lower case (RFC 9110, 5.6.1). */
export function tokens(value: HeaderValue): string[] {
  return members(value).map((member) => member.toLowerCase())
}

/** Returns the members of a list, as they are written. */
export function members(value: HeaderValue): string[] {
  const text = joined(value) ?? ''
  return text
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '')
}

/** Returns the epoch milliseconds of an HTTP date (RFC 9110, 5.6.7), or `undefined` for anything else. */
export function dateOf(value: HeaderValue): number | undefined {
  const text = joined(value)
  if (text === undefined || !DATE.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

/**
 * The beginning of an HTTP date. All three forms begin with the name of a day. `Date.parse` alone would take a bare
 * number for a year.
 */
const DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d/
