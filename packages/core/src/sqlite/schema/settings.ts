import { checkBoolean, checkChoice, checkNumber, checkOptions, quote } from '../../checks/argument-check.ts'
import type { Disk } from '../../codec/disk.ts'
import { DiskCacheError } from '../../contract/errors.ts'
import {
  checkPolicy,
  type EvictionPolicy,
  namedPolicy,
  ownPolicyFromText,
  ownPolicyToText,
} from './eviction-policy.ts'

/** The settings of SQLite itself. They take effect in a process when it opens the cache. */
export interface SqliteSettings {
  /**
   * The database pages, of 2 KiB, that each connection keeps in memory, 8,192 unless given; a negative number is in
   * KiB.
   */
  cacheSize: number
  /**
   * The writes that survive a power failure: with `'normal'`, the default, all but the last commits, and of those
   * with large values perhaps fewer; with `'full'` and `'extra'` every commit, with its value files; with `'off'`
   * perhaps none. A crash of the process alone loses nothing.
   */
  synchronous: Synchronous
}

/**
 * The settings of a cache. They live in the directory and hold for every process that uses it; another process
 * follows a change within a second.
 */
export interface Settings {
  /** Whether hits and misses are counted, for `stats`; `false` unless given. */
  statistics: boolean
  /** Whether there is an index of tags, without which `evict` reads every row; `false` unless given. */
  tagIndex: boolean
  /**
   * The order in which entries go when the cache exceeds `sizeLimit` or `maxEntries`, `'s3-fifo'` in a new directory unless
   * given, which keeps what is asked for again: a policy by its name, or an order of your own, such as
   * `{ by: 'size', first: 'highest' }`.
   */
  evictionPolicy: EvictionPolicy
  /**
   * The bytes that the cache may take on the disk, 1 GiB unless given: database pages, the blocks of value files, and
   * what else `du` counts, but for the log, which is at most a sixteenth of it, between 2 and 8 MiB. It is overshot by
   * at most about one value; a larger value is not stored. On a disk with less space, that is the limit.
   */
  sizeLimit: number
  /**
   * The most entries that the cache may have, from 1 on, `Infinity` unless given: a write that finds more removes those
   * that are too many, at most 500, expired ones first and others in the order of the policy. So no commit leaves more,
   * unless the limit was lowered, somebody else wrote who does not know it, or the rest is pinned. Queue items, and the
   * rows of recipes, are entries, too.
   */
  maxEntries: number
  /**
   * The most expired rows that one write removes, 10 unless given. While the cache exceeds its size limit, a write also
   * removes as many others as free about twice the bytes that it adds, and those beyond `maxEntries`. With `0` a write removes nothing, and all is
   * left to `expire()` and `cull()`.
   */
  cullLimit: number
  /** The length from which a value has a file of its own, in bytes, 32 KiB unless given. */
  minFileSize: number
  /**
   * Whether a checksum stands beside each entry, so that one whose bytes have changed on disk is a miss and never a
   * wrong value; `true` unless given. Without, a `get` of 10 KiB takes about a fifth less time.
   */
  checksums: boolean
  /**
   * How hard a codec that compresses tries, which of the codecs here is `JSONDisk`: from 0, not at all, to 9, or -1 for
   * zlib's own choice; 1 unless given. With other codecs it is a `TypeError`.
   */
  compressLevel?: number | undefined
  /** The settings of SQLite itself. */
  sqlite: SqliteSettings
}

/** The values of SQLite's `PRAGMA synchronous`. */
export type Synchronous = 'off' | 'normal' | 'full' | 'extra'

const SYNCHRONOUS: readonly Synchronous[] = ['off', 'normal', 'full', 'extra']

/** Returns whether every commit survives a power failure, and so must the value files that it names. */
export function syncsEveryCommit(synchronous: Synchronous): boolean {
  return synchronous === 'full' || synchronous === 'extra'
}

/** Returns whether settings to open a new directory with say that every commit is to survive a power failure. */
export function asksForDurability(options: {
  readonly settings: PartialSettings
  readonly initialSettings?: PartialSettings
}): boolean {
  const synchronous =
    options.settings.sqlite?.synchronous ?? options.initialSettings?.sqlite?.synchronous ?? 'normal'
  return syncsEveryCommit(synchronous)
}

/** The settings of a new directory. */
export const DEFAULT_SETTINGS: Readonly<Settings> = Object.freeze({
  statistics: false,
  tagIndex: false,
  evictionPolicy: 's3-fifo',
  sizeLimit: 2 ** 30,
  maxEntries: Infinity,
  cullLimit: 10,
  minFileSize: 2 ** 15,
  checksums: true,
  sqlite: Object.freeze({ cacheSize: 8192, synchronous: 'normal' }),
})

/** Settings as an application gives them: any of them. Those that are left out stay as they are stored. */
export type PartialSettings = { [Name in Exclude<keyof Settings, 'sqlite'>]?: Settings[Name] | undefined } & {
  /** The settings of SQLite itself, any of them. */
  sqlite?: { [Name in keyof SqliteSettings]?: SqliteSettings[Name] | undefined } | undefined
}

/** The level that takes the place of one that cannot be true. */
const DEFAULT_COMPRESS_LEVEL = 1

/** The names of all settings. */
export const SETTING_NAMES = [
  ...Object.keys(DEFAULT_SETTINGS),
  'compressLevel',
] as readonly (keyof Settings)[]

/**
 * The name of the row with a policy that Python does not know, valid beside the policy that it was stored with; `null`
 * where there is none.
 */
const OWN_POLICY_ROW = 'node_eviction_policy'

/**
 * The name of the row that says, by 1, that there may be entries without a checksum that are sound: those of a version
 * before, and those that were written while checksums were off.
 */
export const UNVERIFIED_ROW = 'node_unverified'

/** The name of a row that Python writes whenever it opens a directory, and nobody else. */
export const PYTHON_ROW = 'disk_pickle_protocol'

/**
 * Returns whether entries without a checksum may be sound. Otherwise they are damaged, since a changed byte before a
 * row may make its checksum disappear.
 */
export function acceptsUnverified(rows: readonly SettingRow[]): boolean {
  return rows.some(({ key, value }) => key === PYTHON_ROW || (key === UNVERIFIED_ROW && value === 1n))
}

/**
 * Returns the settings that a directory gets which Python or a version before has made, where it lacks them. Its policy
 * stays the one that Python's setting names.
 */
export function settingsOfOlder(): Settings {
  return { ...DEFAULT_SETTINGS, evictionPolicy: 'least-recently-stored' }
}

/** A row of the table Settings. */
export interface SettingRow {
  readonly key: string
  readonly value: string | number | bigint | null
}

/** A setting: the name of its row, which is Python's, and the two directions between row and value. */
interface Field<T> {
  readonly row: string
  read(settings: PartialSettings): T | undefined
  /** Returns the value in the form in which equal ones are the same; throws `TypeError` or `RangeError` that names the setting otherwise. */
  check(value: unknown): T
  toColumn(value: T): SettingRow['value']
  fromColumn(column: SettingRow['value']): unknown
  assign(settings: Settings, value: T): void
}

const FIELDS: readonly Field<unknown>[] = [
  flag('statistics', 'statistics'),
  flag('tag_index', 'tagIndex'),
  {
    row: 'eviction_policy',
    read: (settings) => settings.evictionPolicy,
    check: checkPolicy,
    toColumn: namedPolicy,
    fromColumn: (column) => column,
    assign: (settings, value) => {
      settings.evictionPolicy = value
    },
  } satisfies Field<EvictionPolicy>,
  amount('size_limit', 'sizeLimit', { min: 0, max: Number.MAX_SAFE_INTEGER }),
  {
    row: 'node_max_entries',
    read: (settings) => settings.maxEntries,
    check: (value) =>
      checkNumber('maxEntries', value, {
        min: 1,
        max: Number.MAX_SAFE_INTEGER,
        integer: true,
        infinity: true,
      }),
    toColumn: (value) => (value === Infinity ? null : BigInt(value)),
    fromColumn: (column) => (column === null ? Infinity : toNumber(column)),
    assign: (settings, value) => {
      settings.maxEntries = value
    },
  } satisfies Field<number>,
  amount('cull_limit', 'cullLimit', { min: 0, max: 1_000_000 }),
  // From 2 GiB on a value could neither be bound nor read in one piece.
  amount('disk_min_file_size', 'minFileSize', { min: 0, max: 2 ** 29 }),
  flag('node_checksums', 'checksums'),
  {
    // Python gives every setting of this beginning to its codec, which may know none: it stands there only if given.
    row: 'disk_compress_level',
    read: (settings) => settings.compressLevel,
    check: (value) => checkNumber('compressLevel', value, { min: -1, max: 9, integer: true }),
    toColumn: BigInt,
    fromColumn: toNumber,
    assign: (settings, value) => {
      settings.compressLevel = value
    },
  } satisfies Field<number>,
  {
    row: 'sqlite_cache_size',
    read: (settings) => settings.sqlite?.cacheSize,
    check: (value) =>
      checkNumber('sqlite.cacheSize', value, { min: -(2 ** 31), max: 2 ** 31 - 1, integer: true }),
    toColumn: BigInt,
    fromColumn: toNumber,
    assign: (settings, value) => {
      settings.sqlite.cacheSize = value
    },
  } satisfies Field<number>,
  {
    row: 'sqlite_synchronous',
    read: (settings) => settings.sqlite?.synchronous,
    check: (value) => checkChoice('sqlite.synchronous', value, SYNCHRONOUS),
    toColumn: (value) => BigInt(SYNCHRONOUS.indexOf(value)),
    fromColumn: (column) => (typeof column === 'bigint' ? (SYNCHRONOUS[Number(column)] ?? column) : column),
    assign: (settings, value) => {
      settings.sqlite.synchronous = value
    },
  } satisfies Field<Synchronous>,
]

function flag(row: string, name: 'statistics' | 'tagIndex' | 'checksums'): Field<boolean> {
  return {
    row,
    read: (settings) => settings[name],
    check: (value) => checkBoolean(name, value),
    toColumn: (value) => (value ? 1n : 0n),
    fromColumn: (column) => (column === 1n ? true : column === 0n ? false : column),
    assign: (settings, value) => {
      settings[name] = value
    },
  }
}

function amount(
  row: string,
  name: 'sizeLimit' | 'cullLimit' | 'minFileSize',
  range: { min: number; max: number },
): Field<number> {
  return {
    row,
    read: (settings) => settings[name],
    check: (value) => checkNumber(name, value, { ...range, integer: true }),
    toColumn: BigInt,
    // Python's FanoutCache divides its limit and stores a fraction.
    fromColumn: (column) => (typeof column === 'number' ? Math.floor(column) : toNumber(column)),
    assign: (settings, value) => {
      settings[name] = value
    },
  }
}

function toNumber(column: SettingRow['value']): unknown {
  return typeof column === 'bigint' ? Number(column) : column
}

/** Throws `TypeError` or `RangeError` for an unknown or illegal setting, and for one that the codec does not have. */
export function checkSettings(settings: PartialSettings, { compressLevel }: Disk): void {
  checkOptions('the settings', settings, SETTING_NAMES)
  if (settings.sqlite !== undefined) {
    checkOptions('the settings in sqlite', settings.sqlite, Object.keys(DEFAULT_SETTINGS.sqlite))
  }
  for (const { read, check } of FIELDS) {
    const value = read(settings)
    if (value !== undefined) check(value)
  }
  if (settings.compressLevel === undefined || compressLevel !== undefined) return
  throw new TypeError(
    'Cannot use compressLevel: the codec does not follow it, as JSONDisk does; for Disk, say compression: { level }',
  )
}

/**
 * Returns the settings that these rows say, with defaults for rows that are missing. For illegal ones it throws
 * `ERR_DISKCACHE_FORMAT`, or takes what `fallback` has.
 */
export function settingsFromRows(rows: readonly SettingRow[], fallback?: Readonly<Settings>): Settings {
  const settings: Settings = { ...DEFAULT_SETTINGS, sqlite: { ...DEFAULT_SETTINGS.sqlite } }
  for (const { key, value } of rows) {
    const field = FIELDS.find(({ row }) => row === key)
    if (field === undefined) continue
    const isUsed = fallback === undefined || isLegal(field, value)
    field.assign(settings, isUsed ? legal(field, value) : field.read(fallback))
  }
  const own = rows.find(({ key }) => key === OWN_POLICY_ROW)?.value
  settings.evictionPolicy = ownPolicyFromText(own, settings.evictionPolicy) ?? settings.evictionPolicy
  return settings
}

/** Returns the names of the rows that hold an illegal value. */
export function illegalSettings(rows: readonly SettingRow[]): string[] {
  const isIllegal = ({ key, value }: SettingRow) =>
    FIELDS.some((field) => field.row === key && !isLegal(field, value))
  return rows.filter(isIllegal).map(({ key }) => key)
}

function isLegal(field: Field<unknown>, column: SettingRow['value']): boolean {
  try {
    field.check(field.fromColumn(column))
    return true
  } catch {
    return false
  }
}

function legal(field: Field<unknown>, column: SettingRow['value']): unknown {
  try {
    return field.check(field.fromColumn(column))
  } catch (cause) {
    const message = `Cannot use the directory: its setting ${field.row} has the illegal value ${quote(column)}`
    throw new DiskCacheError('ERR_DISKCACHE_FORMAT', message, { cause })
  }
}

/** Returns the rows to put in the place of illegal ones. */
export function rowsInstead(fallback: Settings): SettingRow[] {
  return rowsFromSettings({ ...fallback, compressLevel: fallback.compressLevel ?? DEFAULT_COMPRESS_LEVEL })
}

/** Returns complete settings: those that are given, and defaults for the others. */
export function withDefaults(settings: PartialSettings): Settings {
  return settingsFromRows(rowsFromSettings(settings))
}

/** Returns the rows for the settings that are given. */
export function rowsFromSettings(settings: PartialSettings): SettingRow[] {
  const { evictionPolicy } = settings
  const rows: SettingRow[] = FIELDS.flatMap(({ row, read, toColumn }) => {
    const value = read(settings)
    return value === undefined ? [] : [{ key: row, value: toColumn(value) }]
  })
  if (evictionPolicy !== undefined)
    rows.push({ key: OWN_POLICY_ROW, value: ownPolicyToText(checkPolicy(evictionPolicy)) })
  return rows
}

/** Returns whether every setting that `wanted` gives is as in `stored`. */
export function agree(wanted: PartialSettings, stored: Settings): boolean {
  return FIELDS.every(({ read, check }) => {
    const value = read(wanted)
    return value === undefined || check(value) === check(read(stored))
  })
}
