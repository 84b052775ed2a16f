import { isUint8Array } from 'node:util/types'
import type { Key } from '@diskcache/core'
import type { Field } from '../fields/header-values.ts'
import type { Policy } from '../rules/policy.ts'
import { parseTarget, type Target } from '../rules/target/target.ts'
import { UNSTORED_FIELDS } from './unstored-fields.ts'

/**
 * The number of rows that this software reads. Another number is a miss: a directory may have been written by a newer
 * version, which may mean something else.
 */
export const FORMAT = 1

/** The time in milliseconds for which a purge keeps answers to earlier requests from being stored. */
export const PURGE_MEMORY = 600_000

/** The largest body, in bytes, that stands in the row of its response: one read instead of two. */
export const MAX_INLINE_BYTES = 64 * 1024

/** The rules for a URL that a row has. */
const AS_STORED = { query: { ignore: undefined, only: undefined, sort: false } }

/** A row of the first level: the variants of a URL, and the request fields by which they are told apart. */
export interface IndexRow {
  readonly format: number
  readonly names: readonly string[]
  readonly variants: readonly VariantEntry[]
  /** The time of the last purge, in epoch milliseconds: answers to requests until then are not stored any more. */
  readonly purgedAt: number
}

export interface VariantEntry {
  readonly id: string
  /** What requests that get this variant have in common. */
  readonly selection: string
  /** Until when the variant may be of use, in epoch milliseconds. */
  readonly until: number
  /** When the request was made that the variant answers, in epoch milliseconds; variants of before do not have it. */
  readonly requestedAt?: number
  /** Whether anybody could have made the variant up, by fields that the application has not named. */
  readonly isMadeUp?: boolean
  /** How much the variant was asked for, by the process that knew most of it. */
  readonly uses?: number
  /** The period in which that was noted; variants of before do not have it, and their `uses` meant something else. */
  readonly usedIn?: number
  /** Since when the variant counts as stale, in epoch milliseconds, whatever it says itself. */
  readonly staleAt?: number
}

/** A row of the second level: a response without its body, or with a small one. */
export interface VariantRow {
  readonly format: number
  readonly url: string
  /** Whom the response belongs to, where it is not everybody's. */
  readonly owner?: string
  readonly status: number
  /** The reason phrase, where it is another than that of the status. */
  readonly message?: string
  readonly headers: readonly Field[]
  /** Fields that follow the body, if any. */
  readonly trailers?: readonly Field[]
  /** Fields that middleware before the cache sets, and the application takes away. */
  readonly removed: readonly string[]
  readonly policy: Policy
  readonly tags: readonly string[]
  /** What kind of answer the request wanted that was made for; responses of before do not have it. */
  readonly wanted?: Readonly<Record<string, string>>
  /** The length of the body in bytes. */
  readonly size: number
  /** A weak validator made of the body, where the application gave none. */
  readonly madeEtag?: string
  /** The body, unless it has a row of its own. */
  readonly body?: Uint8Array
}

export type RowKind =
  | 'index'
  | 'variant'
  | 'body'
  | 'purge'
  | 'purge-path'
  | 'purge-prefixes'
  | 'search'
  | 'lease'

/**
 * Returns the key of a row. Keys begin with `'diskcache'`, as those of the recipes do, so they meet none of the
 * application's.
 */
export function rowKey(name: string, kind: RowKind, ...parts: readonly string[]): Key {
  return ['diskcache', 'http', name, kind, ...parts]
}

/** Returns the label by which the store can remove the rows of a tag. */
export function storeTag(name: string, tag: string): string {
  return JSON.stringify(['diskcache', 'http', name, tag])
}

/** Returns the label of the indexes of a path, with any query. No tag of a response is a list. */
export function pathTag(name: string, pathId: string): string {
  return JSON.stringify(['diskcache', 'http', name, ['path', pathId]])
}

/** Returns the index that was read, if it is one. */
export function asIndex(value: unknown): IndexRow | undefined {
  const row = value as Partial<IndexRow> | null | undefined
  const isIndex = row?.format === FORMAT && [row.names, row.variants].every(Array.isArray)
  return isIndex ? (row as IndexRow) : undefined
}

/** Returns the variant that was read, if it is one: its fields go into a response without a further look. */
export function asVariant(value: unknown): VariantRow | undefined {
  const row = value as Partial<VariantRow> | null | undefined
  if (row?.format !== FORMAT || ![row.headers, row.removed, row.tags].every(Array.isArray)) return undefined
  const isSound =
    isText(row.url) &&
    isText(row.owner ?? '') &&
    isStatus(row.status) &&
    row.tags?.every(isText) &&
    (row.body === undefined || isUint8Array(row.body)) &&
    isFieldValue(row.message ?? '') &&
    isFieldList(row.wanted ?? {}) &&
    isFieldValue(row.madeEtag ?? '') &&
    isLength(row.size) &&
    TIMES.every((name) => Number.isFinite(row.policy?.[name])) &&
    row.headers?.every(isField) &&
    (row.trailers === undefined || (Array.isArray(row.trailers) && row.trailers.every(isField))) &&
    row.removed?.every(isText)
  return isSound ? (row as VariantRow) : undefined
}

const TIMES = [
  'lifetime',
  'initialAge',
  'requestedAt',
  'receivedAt',
  'staleWhileRevalidate',
  'staleIfError',
] as const

function isStatus(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599
}

function isLength(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

/**
 * Returns whether this is a field that is stored, and that Node takes: a token, and text without control characters. A row that
 * says otherwise where its body ends was not written here.
 */
function isField(field: unknown): boolean {
  if (!Array.isArray(field) || typeof field[0] !== 'string' || !/^[!#$%&'*+.^_`|~\w-]+$/.test(field[0]))
    return false
  if (UNSTORED_FIELDS.has(field[0].toLowerCase())) return false
  const [, value] = field as unknown[]
  return Array.isArray(value) ? value.every(isFieldValue) : isFieldValue(value)
}

/** Returns whether this is an object of nothing but values of fields. */
function isFieldList(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isFieldValue)
}

function isFieldValue(value: unknown): boolean {
  return typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
}

/** Returns the target that a response was stored for; its query is as the rules have left it. */
export function targetOfRow({ url, owner }: VariantRow): Target | undefined {
  const target = parseTarget(url, AS_STORED)
  return target && { ...target, owner }
}

/** Returns a row of the second level. */
export function variantRow(fields: Omit<VariantRow, 'format'>): VariantRow {
  return { format: FORMAT, ...fields }
}
