import type { DiskCacheError, DiskCacheErrorCode } from '@diskcache/core'
import type { Failure } from '../../protocol/api.ts'
import type { InspectorAnswer } from './exchange.ts'
import { Refusal } from './refusal.ts'

/** What every answer says: nothing is kept, embedded, guessed or told to other sites. */
const FIELDS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** What stands in a cache is data: it runs nothing, even when somebody opens it in a tab of its own. */
const OF_VALUES = { 'Content-Security-Policy': "sandbox; default-src 'none'" }

const STATUS: Partial<Record<DiskCacheErrorCode, number>> = {
  ERR_DISKCACHE_TIMEOUT: 503,
  ERR_DISKCACHE_UNAVAILABLE: 503,
  ERR_DISKCACHE_CLOSED: 503,
  ERR_DISKCACHE_FULL: 503,
  ERR_DISKCACHE_IO: 503,
  ERR_DISKCACHE_ENGINE: 503,
  ERR_DISKCACHE_READONLY: 403,
  ERR_DISKCACHE_FOREIGN_VALUE: 400,
  ERR_DISKCACHE_FORMAT: 400,
  ERR_DISKCACHE_TOO_LARGE: 413,
}

/** Answers with a file of the page. */
export function fileAnswer(contentType: string, body: string | Uint8Array): InspectorAnswer {
  return { status: 200, headers: { ...FIELDS, 'Content-Type': contentType }, body }
}

/** Answers with JSON. */
export function jsonAnswer(value: unknown, status = 200): InspectorAnswer {
  const headers = { ...FIELDS, 'Content-Type': 'application/json; charset=utf-8' }
  return { status, headers, body: JSON.stringify(value, plain) }
}

/** Answers with a picture that is stored as a value. */
export function pictureAnswer(mediaType: string, body: Uint8Array): InspectorAnswer {
  return { status: 200, headers: { ...FIELDS, ...OF_VALUES, 'Content-Type': mediaType }, body }
}

/** Answers with the bytes of a value, as a file that a browser stores and does not show. */
export function bytesAnswer(body: Uint8Array): InspectorAnswer {
  const headers = {
    ...FIELDS,
    ...OF_VALUES,
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': 'attachment; filename="value.bin"',
  }
  return { status: 200, headers, body }
}

/** Answers that the page is at another address: its own with a slash, to which the addresses in it are relative. */
export function movedAnswer(location: string): InspectorAnswer {
  return { status: 308, headers: { ...FIELDS, Location: location }, body: '' }
}

/** Answers that there is nothing, and not what there could be. */
export function absentAnswer(): InspectorAnswer {
  return { status: 404, headers: FIELDS, body: '' }
}

/** Answers with what went wrong: its message, and never a stack. */
export function failureAnswer(error: unknown): InspectorAnswer {
  const failure: Failure = { error: error instanceof Error ? error.message : String(error) }
  const answer = jsonAnswer(failure, statusOf(error))
  return error instanceof Refusal ? { ...answer, headers: { ...answer.headers, ...error.headers } } : answer
}

function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status
  const { code } = (error ?? {}) as Partial<DiskCacheError>
  return (code !== undefined && STATUS[code]) || 500
}

/** What JSON does not have: settings may be bigints. */
function plain(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}
