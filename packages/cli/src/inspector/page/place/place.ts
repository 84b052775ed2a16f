import type { ListOrder, ValueKind } from '@diskcache/core'

export const VIEWS = ['entries', 'sizes', 'live'] as const
export type View = (typeof VIEWS)[number]

export const KINDS = ['text', 'number', 'bytes', 'null', 'structured', 'stream', 'pickle', 'unknown'] as const
const ORDERS = ['insertion', 'key', 'size', 'stored', 'read', 'expiry', 'hits'] as const

/** Which entries are shown. */
export interface Filters {
  readonly text?: string
  readonly prefix?: string
  /** The id of a tag. */
  readonly tag?: string
  readonly kind?: ValueKind
  readonly expired?: 'yes' | 'no'
}

/** What is looked at: all of it is in the address, so that reloading and going back work. */
export interface Place {
  readonly view: View
  readonly filters: Filters
  readonly order: ListOrder
  readonly isReversed: boolean
  /** The id of the entry that is shown beside the list. */
  readonly entry?: string
}

/** All entries, the newest first. */
export const START: Place = { view: 'entries', filters: {}, order: 'insertion', isReversed: true }

/** Returns the place that a hash names; what it does not name as it should is as at the start. */
export function placeOf(hash: string): Place {
  const [, path = '', query = ''] = /^#?\/?([^?]*)(?:\?(.*))?$/s.exec(hash) ?? []
  const given = new URLSearchParams(query)
  const view = oneOf(VIEWS, path) ?? START.view
  const order = oneOf(ORDERS, given.get('order')) ?? START.order
  const direction = given.get('reverse')
  const isReversed = direction === null ? order === START.order : direction === 'yes'
  const entry = given.get('entry')
  return { view, order, isReversed, filters: filtersOf(given), ...(entry !== null && { entry }) }
}

/** Returns the hash that names a place. */
export function hashOf({ view, filters, order, isReversed, entry }: Place): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(filters)) if (value) given.set(name, value)
  if (order !== START.order) given.set('order', order)
  if (isReversed !== (order === START.order)) given.set('reverse', isReversed ? 'yes' : 'no')
  if (entry !== undefined) given.set('entry', entry)
  return given.size > 0 ? `#/${view}?${given}` : `#/${view}`
}

/** Returns a place with other filters; an entry that was shown no longer is. */
export function withFilters({ entry: _, ...place }: Place, filters: Filters): Place {
  return { ...place, view: 'entries', filters: { ...place.filters, ...filters } }
}

/** Returns a place without one of its filters. */
export function withoutFilter(place: Place, name: keyof Filters): Place {
  const { [name]: _, ...filters } = place.filters
  return { ...place, filters }
}

/** Returns a place where no entry is shown beside the list. */
export function withoutEntry({ entry: _, ...place }: Place): Place {
  return place
}

function filtersOf(given: URLSearchParams): Filters {
  const text = given.get('text')
  const prefix = given.get('prefix')
  const tag = given.get('tag')
  const kind = oneOf(KINDS, given.get('kind'))
  const expired = oneOf(['yes', 'no'] as const, given.get('expired'))
  return {
    ...(text && { text }),
    ...(prefix && { prefix }),
    ...(tag && { tag }),
    ...(kind && { kind }),
    ...(expired && { expired }),
  }
}

function oneOf<T extends string>(values: readonly T[], value: string | null): T | undefined {
  return values.find((known) => known === value)
}
