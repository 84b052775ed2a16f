import type { OutgoingHttpHeaders } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { type Field, type HeaderValue, tokens } from '../fields/header-values.ts'
import { dateOf } from '../fields/http-date.ts'
import type { ResponseHead } from '../fields/response-head.ts'
import { UNSTORED_FIELDS } from './unstored-fields.ts'

type StoredHeaders = readonly Field[]

/** Returns the fields that a response has before its handler runs, which middleware before us set. */
export function headersNow(head: ResponseHead): OutgoingHttpHeaders {
  return head.getHeaders()
}

/**
 * Returns the fields to be stored. What middleware before us has set is left out, since it is set for each request
 * anew, and may be meant for one: an identifier of the request, or who may read the response from another origin.
 */
export function storedHeaders(head: ResponseHead, before: OutgoingHttpHeaders, now: number): StoredHeaders {
  const nominated = tokens(head.getHeader('connection'))
  const names = head.getRawHeaderNames().filter((name) => {
    const known = name.toLowerCase()
    const isOurs = !UNSTORED_FIELDS.has(known) && !nominated.includes(known)
    return isOurs && !isDeepStrictEqual(head.getHeader(name), before[known])
  })
  const headers = names.map((name) => [name, stored(head.getHeader(name))] as const)
  // When it came, where it does not say when it was made (RFC 9110, 6.6.1).
  if (dateOf(head.getHeader('date'), now) !== undefined) return headers
  return [...headers.filter(([name]) => name.toLowerCase() !== 'date'), ['Date', new Date(now).toUTCString()]]
}

/** Fields by which the stored bytes are read: an answer without a body does not change them. */
export const OF_STORED_BYTES: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-length',
  'content-range',
  'transfer-encoding',
])

/** Returns stored fields with those of an answer that has validated them in their place (RFC 9111, 3.2). */
export function renewedHeaders(stored: StoredHeaders, fresh: StoredHeaders): StoredHeaders {
  const changed = fresh.filter(([name]) => !OF_STORED_BYTES.has(name.toLowerCase()))
  const names = new Set(changed.map(([name]) => name.toLowerCase()))
  return [...stored.filter(([name]) => !names.has(name.toLowerCase())), ...changed]
}

/** Makes the fields of a response those that it had before. */
export function restoreHeaders(head: ResponseHead, before: OutgoingHttpHeaders): void {
  for (const name of Object.keys(head.getHeaders())) head.removeHeader(name)
  for (const [name, value] of Object.entries(before)) if (value !== undefined) head.setHeader(name, value)
}

/** Returns the fields that are stored of those that follow a body: none that could end it, or is of one connection. */
export function storedTrailers(fields: readonly Field[]): readonly Field[] {
  return fields
    .filter(([name]) => !UNSTORED_FIELDS.has(name.toLowerCase()))
    .map(([name, value]) => [name, stored(value)])
}

function stored(value: HeaderValue): string | readonly string[] {
  return Array.isArray(value) ? [...(value as readonly string[])] : String(value)
}
