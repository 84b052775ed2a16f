import type { IncomingHttpHeaders } from 'node:http'
import { dateOf, type HeaderValue, joined } from './header-values.ts'

/** The fields by which a client asks for what it does not have yet. */
export interface Preconditions {
  readonly ifNoneMatch: string | undefined
  readonly ifModifiedSince: string | undefined
  readonly range: string | undefined
  readonly ifRange: string | undefined
  /** Whether the client takes the body in another coding, such as gzip. */
  readonly takesCodings: boolean
}

export interface Validators {
  readonly etag: HeaderValue
  readonly lastModified: HeaderValue
  readonly date?: HeaderValue
  readonly contentEncoding?: HeaderValue
}

/** Values of `Accept-Encoding` by which nothing is compressed. */
const PLAIN = /^\s*(?:identity\s*(?:;[^,]*)?(?:,\s*\*\s*;\s*q=0(?:\.0*)?)?)?\s*$/i

const ETAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g

export function preconditionsOf(headers: IncomingHttpHeaders): Preconditions {
  return {
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
    range: headers.range,
    ifRange: joined(headers['if-range']),
    takesCodings: !PLAIN.test(joined(headers['accept-encoding']) ?? ''),
  }
}

/** Returns whether the client has this already, and gets a 304 (RFC 9110, 13.2.2). */
export function isNotModified(request: Preconditions, { etag, lastModified }: Validators): boolean {
  if (request.ifNoneMatch !== undefined) return matches(request.ifNoneMatch, joined(etag))
  const since = dateOf(request.ifModifiedSince)
  const modified = dateOf(lastModified)
  return since !== undefined && modified !== undefined && modified <= since
}

/**
 * Returns whether a range of this response fits what the client has already (RFC 9110, 13.1.5). Weak validators do not
 * say that. Nor does a strong one, where middleware before us may have compressed what the client has, and has left the
 * validator as it was.
 */
export function allowsRange(
  { ifRange, takesCodings }: Preconditions,
  { etag, lastModified, date, contentEncoding }: Validators,
): boolean {
  if (ifRange === undefined) return true
  if (takesCodings && contentEncoding === undefined) return false
  if (ifRange.includes('"')) return !ifRange.startsWith('W/') && ifRange === joined(etag)
  const modified = dateOf(lastModified)
  const isStrong = modified !== undefined && modified + 1_000 <= (dateOf(date) ?? 0)
  return isStrong && joined(lastModified) === ifRange
}

/** Returns whether the list has the entity tag, by weak comparison (RFC 9110, 8.8.3.2). */
function matches(list: string, etag: string | undefined): boolean {
  if (list.trim() === '*') return true
  if (etag === undefined) return false
  return (list.match(ETAG) ?? []).some((one) => opaque(one) === opaque(etag))
}

function opaque(etag: string): string {
  return etag.replace(/^W\//, '')
}
