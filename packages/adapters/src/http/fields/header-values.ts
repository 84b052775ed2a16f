import type { OutgoingHttpHeader } from 'node:http'

/** A field of a request or response, as Node has it. */
export type HeaderValue = OutgoingHttpHeader | readonly string[] | undefined

/** A field with its name, as it is stored: a list where it has several lines. */
export type Field = readonly [name: string, value: string | readonly string[]]

/**
 * The longest value in characters of which different spellings are taken for one. Longer ones have been made up, and need not
 * cost anything.
 */
export const MAX_SPELLED_LENGTH = 2_048

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
    .map(trimmed)
    .filter((member) => member !== '')
}

/** Returns a text without the white space around it that HTTP allows there (RFC 9110, 5.6.3), and no other. */
export function trimmed(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && isBlank(text[start])) start++
  while (end > start && isBlank(text[end - 1])) end--
  return text.slice(start, end)
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}
