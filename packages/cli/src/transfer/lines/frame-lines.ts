import type { Column, ListPlace } from '@diskcache/core'
import { checkMembers, isObject, WrongLine } from './sealed-line.ts'
import { columnOfJson, columnToJson } from './stored-value.ts'

/** The version of the format. */
const VERSION = 1

/** The first line. */
export interface Header {
  /** When the export began, in ISO 8601. */
  readonly created: string
  /** What the entries come from. */
  readonly from: HeaderSource
  /** Which entries are here, where not all are. */
  readonly only?: { readonly prefix?: string | undefined; readonly tag?: unknown } | undefined
  /** Whether every line has a checksum. */
  readonly sums: boolean
}

/** What an export says of its source. */
export interface HeaderSource {
  readonly kind: string
  readonly name: string
  /** The codec that can decode what stands as it is stored. */
  readonly codec: string
  /** The settings of a directory, for one that is made from this. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** What is not among the entries, and how many are. */
export interface Counts {
  /** Entries that are there. */
  readonly entries: number
  /** Entries that Python pickled. */
  readonly python: number
  /** Entries that are damaged, or cannot be read. */
  readonly damaged: number
  /** Entries that had expired. */
  readonly expired: number
}

/** A line that says how far the export has come: what was before it is whole. */
export interface Mark {
  readonly counts: Counts
  /** The place of the last entry in the order of insertion. */
  readonly place: ListPlace
}

/** Returns the first line, without its checksum. */
export function headerLine(header: Header): string {
  return JSON.stringify({ diskcache: 'entries', version: VERSION, ...header })
}

/** Returns what the first line says; throws `WrongLine` for another one. */
export function lineHeader(members: Readonly<Record<string, unknown>>): Header {
  const { diskcache, version, created = '', from, only, sums = false } = members
  if (diskcache !== 'entries') throw new WrongLine('it is not the first line of an export of diskcache')
  if (version !== VERSION)
    throw new WrongLine(
      `version ${JSON.stringify(version)} of the format is unknown here; use a newer @diskcache/cli`,
    )
  checkMembers(members, ['diskcache', 'version', 'created', 'from', 'only', 'sums'])
  if (typeof created !== 'string') throw new WrongLine('"created" is no string')
  if (only !== undefined && !isObject(only)) throw new WrongLine('"only" is no object')
  if (typeof sums !== 'boolean') throw new WrongLine('"sums" is neither true nor false')
  return { created, from: sourceOf(from ?? {}), only, sums }
}

function sourceOf(from: unknown): HeaderSource {
  if (!isObject(from)) throw new WrongLine('"from" is no object')
  const { kind = '', name = '', codec = 'msgpack', settings = {} } = from
  checkMembers(from, ['kind', 'name', 'codec', 'settings'])
  if (
    typeof kind !== 'string' ||
    typeof name !== 'string' ||
    typeof codec !== 'string' ||
    !isObject(settings)
  )
    throw new WrongLine('"from" does not say what the entries come from')
  return { kind, name, codec, settings }
}

/** Returns the line of a mark, without its checksum. */
export function markLine({ counts, place: { by, form, part, row } }: Mark): string {
  return JSON.stringify({ mark: counts, place: { by: columnToJson(by), form, part, row: String(row) } })
}

/** Returns the mark of a line; throws `WrongLine` for what is none. */
export function lineMark(members: Readonly<Record<string, unknown>>): Mark {
  checkMembers(members, ['mark', 'place'])
  return { counts: countsOf(members.mark), place: placeOf(members.place) }
}

function placeOf(json: unknown): ListPlace {
  if (!isObject(json)) throw new WrongLine('"place" is no object')
  checkMembers(json, ['by', 'form', 'part', 'row'])
  const by: Column = columnOfJson(json.by)
  const { form, part, row } = json
  if (!isCount(form) || !isCount(part) || typeof row !== 'string' || !/^-?\d{1,19}$/.test(row))
    throw new WrongLine('"place" is no place')
  return { by, form, part, row: BigInt(row) }
}

/** Returns the last line, without its checksum. */
export function endLine(counts: Counts): string {
  return JSON.stringify({ end: counts })
}

/** Returns the counts of the last line; throws `WrongLine` for another one. */
export function lineEnd(members: Readonly<Record<string, unknown>>): Counts {
  checkMembers(members, ['end'])
  return countsOf(members.end)
}

function countsOf(json: unknown): Counts {
  if (!isObject(json)) throw new WrongLine('its counts are no object')
  const { entries = 0, python = 0, damaged = 0, expired = 0 } = json
  checkMembers(json, ['entries', 'python', 'damaged', 'expired'])
  if (isCount(entries) && isCount(python) && isCount(damaged) && isCount(expired))
    return { entries, python, damaged, expired }
  throw new WrongLine('its counts are no numbers')
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
