import type { IncomingHttpHeaders } from 'node:http'
import { dateOf, type HeaderValue, joined } from './header-values.ts'

/** What a client asks for only if it does not have it yet. */
export interface Preconditions {
  readonly ifNoneMatch: string | undefined
  readonly ifModifiedSince: string | undefined
  readonly range: string | undefined
  readonly ifRange: string | undefined
}

export interface Validators {
  readonly etag: HeaderValue
  readonly lastModified: HeaderValue
  readonly date?: HeaderValue
}

const ETAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g

export function preconditionsOf(headers: IncomingHttpHeaders): Preconditions {
  return {
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
    range: headers.range,
    ifRange: joined(headers['if-range']),
  }
}

/** Whether the client has this already, and gets a 304 (RFC 9110, 13.2.2). */
export function isNotModified(asked: Preconditions, { etag, lastModified }: Validators): boolean {
  if (asked.ifNoneMatch !== undefined) return matches(asked.ifNoneMatch, joined(etag))
  const since = dateOf(asked.ifModifiedSince)
  const modified = dateOf(lastModified)
  return since !== undefined && modified !== undefined && modified <= since
}

/** Whether a range of this fits what the client has already (RFC 9110, 13.1.5). Weak validators do not say that. */
export function allowsRange({ ifRange }: Preconditions, { etag, lastModified, date }: Validators): boolean {
  if (ifRange === undefined) return true
  if (ifRange.includes('"')) return !ifRange.startsWith('W/') && ifRange === joined(etag)
  const modified = dateOf(lastModified)
  const isStrong = modified !== undefined && modified + 1_000 <= (dateOf(date) ?? 0)
  return isStrong && joined(lastModified) === ifRange
}

/** By weak comparison (RFC 9110, 8.8.3.2). */
function matches(list: string, etag: string | undefined): boolean {
  if (list.trim() === '*') return true
  if (etag === undefined) return false
  return (list.match(ETAG) ?? []).some((one) => opaque(one) === opaque(etag))
}

function opaque(etag: string): string {
  return etag.replace(/^W\//, '')
}
