import type { Key } from '@diskcache/core'
import type { Policy } from '../rules/policy.ts'

/**
 * The number of rows that this software reads. Another number is a miss: a directory may have been written by a newer
 * version, which may mean something else.
 */
const FORMAT = 1

/** The time in milliseconds for which a purge keeps answers to earlier requests from being stored. */
export const PURGE_MEMORY = 600_000

/** The largest body, in bytes, that stands in the row of its response: one read instead of two. */
export const MAX_INLINE_BYTES = 64 * 1024

/** How many variants of one URL are kept; the oldest goes. */
const MAX_VARIANTS = 16

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
}

/** A row of the second level: a response without its body, or with a small one. */
export interface VariantRow {
  readonly format: number
  readonly url: string
  readonly status: number
  /** The reason phrase, where it is another than that of the status. */
  readonly message?: string
  readonly headers: readonly (readonly [name: string, value: string | readonly string[]])[]
  /** Fields that middleware before the cache sets, and the application takes away. */
  readonly removed: readonly string[]
  readonly policy: Policy
  readonly tags: readonly string[]
  /** The length of the body in bytes. */
  readonly size: number
  /** A weak validator made of the body, where the application gave none. */
  readonly madeEtag?: string
  /** The body, unless it has a row of its own. */
  readonly body?: Uint8Array
}

export type RowKind = 'index' | 'variant' | 'body' | 'tag' | 'purge' | 'lease'

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
    isStatus(row.status) &&
    isFieldValue(row.message ?? '') &&
    isFieldValue(row.madeEtag ?? '') &&
    isLength(row.size) &&
    TIMES.every((name) => Number.isFinite(row.policy?.[name])) &&
    row.headers?.every(isField) &&
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

/** Returns whether Node takes this as a field: a token, and text without control characters. */
function isField(field: unknown): boolean {
  if (!Array.isArray(field) || typeof field[0] !== 'string' || !/^[!#$%&'*+.^_`|~\w-]+$/.test(field[0]))
    return false
  const [, value] = field as unknown[]
  return Array.isArray(value) ? value.every(isFieldValue) : isFieldValue(value)
}

function isFieldValue(value: unknown): boolean {
  return typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
}

export function variantRow(fields: Omit<VariantRow, 'format'>): VariantRow {
  return { format: FORMAT, ...fields }
}

export interface Publication {
  readonly names: readonly string[]
  /** Returns what selects the variant among others that are told apart by these fields. */
  readonly selectBy: (names: readonly string[]) => string
  readonly id: string
  readonly until: number
  readonly requestedAt: number
}

export interface IndexChange {
  readonly row: IndexRow
  /** Variants that nothing leads to any more. */
  readonly dropped: readonly string[]
}

/**
 * Returns the index with one more variant, or `undefined` when a purge came between request and response, or when there
 * is the answer to a later request: who waited for this one too long took over. When the variant is selected by a field that the others are not, these go: whether they depend on it is not known.
 */
export function withVariant(
  old: IndexRow | undefined,
  fresh: Publication,
  now: number,
): IndexChange | undefined {
  if (old !== undefined && old.purgedAt >= fresh.requestedAt) return undefined
  const names = [...new Set([...(old?.names ?? []), ...fresh.names])].sort()
  const selection = fresh.selectBy(names)
  const isSame = names.length === (old?.names.length ?? 0)
  const useful = (isSame ? (old?.variants ?? []) : []).filter(({ until }) => until > now)
  const { id, until, requestedAt } = fresh
  const isLate = useful.some((one) => one.selection === selection && (one.requestedAt ?? 0) > requestedAt)
  if (isLate) return undefined
  const others = useful.filter((one) => one.selection !== selection)
  const variants = [...others, { id, selection, until, requestedAt }].slice(-MAX_VARIANTS)
  const row = { format: FORMAT, names, variants, purgedAt: old?.purgedAt ?? 0 }
  return { row, dropped: droppedBetween(old, row) }
}

/**
 * Returns the index in which a variant is the answer to a later request, with the same body; `undefined` when nothing leads
 * to it any more, or a purge came between.
 */
export function withRenewed(
  old: IndexRow | undefined,
  renewed: Pick<VariantEntry, 'id' | 'until'> & { requestedAt: number },
): IndexChange | undefined {
  const entry = old?.variants.find(({ id }) => id === renewed.id)
  if (old === undefined || entry === undefined || old.purgedAt >= renewed.requestedAt) return undefined
  // Another process may have been later, and yet be here before.
  if ((entry.requestedAt ?? 0) > renewed.requestedAt) return { row: old, dropped: [] }
  const others = old.variants.filter((one) => one !== entry)
  return { row: { ...old, variants: [...others, { ...entry, ...renewed }] }, dropped: [] }
}

/** Returns the index without variants, and with a mark for those that are under way. */
export function withoutVariants(old: IndexRow | undefined, now: number): IndexChange {
  const row = { format: FORMAT, names: [], variants: [], purgedAt: now }
  return { row, dropped: droppedBetween(old, row) }
}

function droppedBetween(old: IndexRow | undefined, row: IndexRow): string[] {
  const kept = new Set(row.variants.map(({ id }) => id))
  return (old?.variants ?? []).map(({ id }) => id).filter((id) => !kept.has(id))
}
