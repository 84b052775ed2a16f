import type { ByteRange } from '@diskcache/core'

/**
 * Returns the part of `size` bytes that a `Range` field asks for (RFC 9110, 14.1.2); `undefined` when the whole is to
 * be sent, as for several ranges, other units and malformed fields, and `'unsatisfiable'` when there is no such part.
 */
export function parseRange(field: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=[\t ]*(\d*)-(\d*)[\t ]*$/i.exec(field ?? '')
  if (match === null) return undefined
  const [first, last] = [match[1], match[2]].map((digits) => (digits ? Number(digits) : undefined))
  if (first === undefined) return last === undefined ? undefined : suffix(last, size)
  if (last !== undefined && last < first) return undefined
  if (first >= size) return 'unsatisfiable'
  return { start: first, end: Math.min((last ?? Infinity) + 1, size) }
}

function suffix(length: number, size: number): ByteRange | 'unsatisfiable' {
  return length === 0 || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - length), end: size }
}
