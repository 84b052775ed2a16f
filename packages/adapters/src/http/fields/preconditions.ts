import type { IncomingHttpHeaders } from 'node:http'
import { type HeaderValue, joined, members, trimmed } from './header-values.ts'
import { dateOf } from './http-date.ts'

/** The fields by which a client asks for what it does not have yet. */
export interface Preconditions {
  readonly ifNoneMatch: string | undefined
  readonly ifModifiedSince: string | undefined
  readonly range: string | undefined
  readonly ifRange: string | undefined
  readonly acceptEncoding: HeaderValue
}

export interface Validators {
  readonly etag: HeaderValue
  readonly lastModified: HeaderValue
  readonly date?: HeaderValue
  readonly contentEncoding?: HeaderValue
}

/** One member of a list of entity tags, empty ones before it, and the comma after it (RFC 9110, 8.8.3). */
const LISTED_ETAG = /[\t ,]*(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")[\t ]*(?:,|$)/y

export function preconditionsOf(headers: IncomingHttpHeaders): Preconditions {
  return {
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
    range: headers.range,
    ifRange: joined(headers['if-range']),
    acceptEncoding: headers['accept-encoding'],
  }
}

/** Returns whether the client may want less than all of the response. */
export function hasConditions({ ifNoneMatch, ifModifiedSince, range }: Preconditions): boolean {
  return (ifNoneMatch ?? ifModifiedSince ?? range) !== undefined
}

/** Returns whether conditions are for answers with this status (RFC 9110, 13.2.1). */
export function takesConditions(status: number): boolean {
  return status >= 200 && status < 300
}

/**
 * Returns whether the client has this already, and gets a 304 (RFC 9110, 13.2.2). What does not say when it was modified was
 * so by its date at the latest, where that is given (RFC 9111, 4.3.2).
 */
export function isNotModified(request: Preconditions, { etag, lastModified, date }: Validators): boolean {
  if (request.ifNoneMatch !== undefined) return matches(request.ifNoneMatch, joined(etag))
  const since = dateOf(request.ifModifiedSince)
  const modified = dateOf(lastModified ?? date)
  return since !== undefined && modified !== undefined && modified <= since
}

/**
 * Returns whether a range of this response fits what the client has already (RFC 9110, 13.1.5). Weak validators do not
 * say that. Nor does a strong one, where middleware before us may have compressed what the client has, and has left the
 * validator as it was.
 */
export function allowsRange(
  { ifRange, acceptEncoding }: Preconditions,
  { etag, lastModified, date, contentEncoding }: Validators,
): boolean {
  if (ifRange === undefined) return true
  if (contentEncoding === undefined && members(acceptEncoding).some(isCoding)) return false
  if (ifRange.includes('"')) return !ifRange.startsWith('W/') && ifRange === joined(etag)
  const modified = dateOf(lastModified)
  const isStrong = modified !== undefined && modified + 1_000 <= (dateOf(date) ?? 0)
  return isStrong && joined(lastModified) === ifRange
}

/** Returns whether by this member of `Accept-Encoding` something may be compressed. */
function isCoding(member: string): boolean {
  const [coding, ...parameters] = member.split(';').map((part) => trimmed(part).toLowerCase())
  if (coding === 'identity') return false
  return coding !== '*' || !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
}

/** Returns whether the list has the entity tag, by weak comparison (RFC 9110, 8.8.3.2), before a malformed one. */
function matches(list: string, etag: string | undefined): boolean {
  if (trimmed(list) === '*') return true
  if (etag === undefined) return false
  const tag = opaque(etag)
  // What has it nowhere need not be read as a list.
  if (!list.includes(tag)) return false
  LISTED_ETAG.lastIndex = 0
  for (let match = LISTED_ETAG.exec(list); match !== null; match = LISTED_ETAG.exec(list))
    if (match[1] === tag) return true
  return false
}

/** Returns whether two entity tags are the same: by weak comparison where the first is weak. */
export function isSameEtag(etag: HeaderValue, other: HeaderValue): boolean {
  const [one = '', two = ''] = [joined(etag), joined(other)]
  return one.startsWith('W/') ? opaque(one) === opaque(two) : one === two
}

function opaque(etag: string): string {
  return etag.replace(/^W\//, '')
}
