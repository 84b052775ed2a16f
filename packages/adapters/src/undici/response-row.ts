import { isUint8Array } from 'node:util/types'
import type { CacheKey, CacheValue } from './undici-types.ts'

/** The number of rows that this software reads. Another one is a miss: it may mean something else. */
const FORMAT = 1

/** How many responses of one URL are kept, whatever they vary by; the oldest goes. */
const MAX_VARIANTS = 10

/** The largest body, in bytes, that stands beside its head. */
export const MAX_INLINE_BYTES = 64 * 1024

/** A body that is stored whole: beside the head, or in a row of its own. */
export type StoredBody =
  | { readonly size: number; readonly body: Uint8Array; readonly bodyId?: never }
  | { readonly size: number; readonly bodyId: string; readonly body?: never }

/** One of the responses of a URL. */
export type StoredResponse = CacheValue & StoredBody & { readonly method: string }

/** All responses of a URL, newest first. */
export interface ResponseRow {
  readonly format: number
  readonly responses: readonly StoredResponse[]
}

/** A row with a response more, and what it has no longer. */
export interface ChangedRow {
  readonly row: ResponseRow
  readonly dropped: readonly StoredResponse[]
}

/** Returns the responses of the row that was read, if it is one. */
export function responsesIn(value: unknown): readonly StoredResponse[] {
  const row = Object(value) as Partial<ResponseRow>
  return row.format === FORMAT && Array.isArray(row.responses) ? row.responses.filter(isSound) : []
}

/** Returns the newest response for a request that is still of use. */
export function findResponse(
  responses: readonly StoredResponse[],
  key: CacheKey,
  now: number,
): StoredResponse | undefined {
  return responses.find((response) => response.deleteAt > now && answers(response, key))
}

/** Adds a response in the place of those that answer the same request. */
export function withResponse(
  responses: readonly StoredResponse[],
  key: CacheKey,
  response: StoredResponse,
  now: number,
): ChangedRow {
  const others = responses.filter((other) => other.deleteAt > now && !answers(other, key))
  const kept = [response, ...others].slice(0, MAX_VARIANTS)
  const dropped = responses.filter((other) => !kept.includes(other))
  return { row: { format: FORMAT, responses: kept }, dropped }
}

/** Returns the time in milliseconds for which a row is of use. */
export function lifetimeOf({ responses }: ResponseRow, now: number): number {
  return Math.max(0, ...responses.map(({ deleteAt }) => deleteAt - now))
}

/** Makes what is stored of a response. Some of the objects that undici makes have no prototype. */
export function storedResponse({ method }: CacheKey, value: CacheValue, body: StoredBody): StoredResponse {
  const { statusCode, statusMessage, headers, vary, etag, cachedAt, staleAt, deleteAt } = value
  return {
    ...{ method, statusCode, statusMessage, headers: { ...headers }, cachedAt, staleAt, deleteAt },
    ...(vary === undefined ? {} : { vary: { ...vary } }),
    ...(etag === undefined ? {} : { etag }),
    cacheControlDirectives: { ...value.cacheControlDirectives },
    ...body,
  }
}

/** Returns whether a response answers a request, by its method and the fields that the response varies by. */
function answers({ method, vary = {} }: StoredResponse, key: CacheKey): boolean {
  return (
    method === key.method &&
    Object.entries(vary).every(([name, value]) => isSameField(key.headers?.[name], value))
  )
}

type Field = string | readonly string[] | null | undefined

function isSameField(a: Field, b: Field): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b
  return a?.length === b?.length && (a ?? []).every((value, index) => value === b?.[index])
}

/** Returns whether this is a response as it is stored here: its fields go to the program without a further look. */
function isSound(value: unknown): boolean {
  const response = Object(value) as Partial<StoredResponse>
  const { method, statusCode, statusMessage, etag = '', size, body, bodyId } = response
  return (
    [method, statusMessage, etag].every((text) => typeof text === 'string') &&
    Number.isInteger(statusCode) &&
    [response.cachedAt, response.staleAt, response.deleteAt].every(Number.isFinite) &&
    isFields(response.headers, isFieldValue) &&
    isFields(response.vary ?? {}, (field) => field === null || isFieldValue(field)) &&
    typeof response.cacheControlDirectives === 'object' &&
    Number.isSafeInteger(size) &&
    (typeof bodyId === 'string' || (isUint8Array(body) && body.byteLength === size))
  )
}

function isFields(value: unknown, isValue: (value: unknown) => boolean): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isValue)
}

function isFieldValue(value: unknown): boolean {
  return (
    typeof value === 'string' || (Array.isArray(value) && value.every((part) => typeof part === 'string'))
  )
}
