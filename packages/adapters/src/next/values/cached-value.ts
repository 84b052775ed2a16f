import { validateHeaderName, validateHeaderValue } from 'node:http'
import { isUint8Array } from 'node:util/types'
import type { CachedValue } from '../next-types.ts'

/** The field of a response that has its tags. */
const TAGS_FIELD = 'x-next-cache-tags'

type Fields = Readonly<Record<string, unknown>>

/** For each kind, what a value has that Next uses without a further look. */
const IS_SOUND: Readonly<Record<string, (value: Fields) => boolean>> = {
  APP_PAGE: ({ html, rscData, segmentData, postponed, headers, status }) =>
    typeof html === 'string' &&
    (rscData === undefined || isUint8Array(rscData)) &&
    (segmentData === undefined || isSegments(segmentData)) &&
    (postponed === undefined || typeof postponed === 'string') &&
    isHead(status, headers),
  APP_ROUTE: ({ body, status, headers }) => isUint8Array(body) && isHead(status, headers),
  PAGES: ({ html, pageData, status, headers }) =>
    typeof html === 'string' && isObject(pageData) && isHead(status, headers),
  FETCH: ({ data, revalidate }) =>
    isObject(data) &&
    isObject(data.headers) &&
    [data.body, data.url].every((text) => typeof text === 'string') &&
    typeof revalidate === 'number',
  REDIRECT: ({ props }) =>
    isObject(props) && isObject(props.pageProps) && typeof props.pageProps.__N_REDIRECT === 'string',
  IMAGE: ({ buffer, etag, extension }) =>
    isUint8Array(buffer) && [etag, extension].every((text) => typeof text === 'string'),
}

/** Returns the tags of a value, beside those that Next names itself. */
export function tagsOf(value: CachedValue | null): string[] {
  const { headers, tags } = Object(value) as { headers?: Fields; tags?: string[] }
  const field = headers?.[TAGS_FIELD]
  return [...(typeof field === 'string' ? field.split(',') : []), ...(tags ?? [])]
}

/** Returns the value that was read as Next wants it, with buffers; `undefined` for one that is none. */
export function revivedValue(value: unknown): CachedValue | null | undefined {
  if (value === null) return null
  const fields = Object(value) as Fields
  const { kind } = fields
  if (typeof kind !== 'string' || !Object.hasOwn(IS_SOUND, kind) || !IS_SOUND[kind]!(fields)) return undefined
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      name === 'segmentData' ? segmentsOf(field) : bufferOf(field),
    ]),
  ) as unknown as CachedValue
}

function segmentsOf(segments: unknown): unknown {
  if (!(segments instanceof Map)) return segments
  return new Map(Array.from(segments, ([path, bytes]) => [path, bufferOf(bytes)]))
}

function bufferOf(field: unknown): unknown {
  return isUint8Array(field) ? Buffer.from(field.buffer, field.byteOffset, field.byteLength) : field
}

function isSegments(value: unknown): boolean {
  return (
    value instanceof Map &&
    Array.from(value).every(([path, bytes]) => typeof path === 'string' && isUint8Array(bytes))
  )
}

function isHead(status: unknown, headers: unknown): boolean {
  return (status === undefined || isStatus(status)) && (headers === undefined || isHeaders(headers))
}

/** A response of the web cannot have another one. */
function isStatus(status: unknown): boolean {
  return Number.isInteger(status) && Number(status) >= 200 && Number(status) < 600
}

/** What Node would throw for when it is to be sent is none. */
function isHeaders(headers: unknown): boolean {
  if (!isObject(headers)) return false
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name)
      // Next reads it, and does not send it.
      if (name === TAGS_FIELD) continue
      for (const part of [value ?? []].flat()) {
        if (typeof part !== 'string' && typeof part !== 'number') return false
        validateHeaderValue(name, String(part))
      }
    }
    return true
  } catch {
    return false
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
