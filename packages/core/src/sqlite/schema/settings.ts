import { checkBoolean, checkChoice, checkNumber, checkOptions, quote } from '../../checks/argument-check.ts'
import { DiskCacheError } from '../../contract/errors.ts'
import { EVICTION_POLICIES, type EvictionPolicy } from './eviction-policy.ts'

/** How SQLite runs; takes effect when a process opens the cache. */
export interface SqliteSettings {
  /** Pages that a connection keeps in memory, 8,192; negative: KiB. */
  cacheSize: number
  /** What survives a power failure. `normal`: all but the last commits; `full`: every commit; `off`: perhaps nothing. */
  synchronous: Synchronous
}

/** Settings live in the directory and hold for every process that uses it. */
export interface Settings {
  /** Count hits and misses, `false`. */
  statistics: boolean
  /** Keep an index of tags, so that `evict` need not read every row, `false`. */
  tagIndex: boolean
  /** `'least-recently-stored'`. */
  evictionPolicy: EvictionPolicy
  /** Bytes that the cache may fill, 1 GiB. A target: it is overshot by at most about one value. */
  sizeLimit: number
  /** Most rows that one write removes, 10. `0`: a write removes nothing, not even expired rows. */
  cullLimit: number
  /** Bytes from which a value is kept in a file of its own, 32 KiB. */
  minFileSize: number
  sqlite: SqliteSettings
}

export type Synchronous = 'off' | 'normal' | 'full' | 'extra'

const SYNCHRONOUS: readonly Synchronous[] = ['off', 'normal', 'full', 'extra']

export const DEFAULT_SETTINGS: Readonly<Settings> = Object.freeze({
  statistics: false,
  tagIndex: false,
  evictionPolicy: 'least-recently-stored',
  sizeLimit: 2 ** 30,
  cullLimit: 10,
  minFileSize: 2 ** 15,
  sqlite: Object.freeze({ cacheSize: 8192, synchronous: 'normal' }),
})

/** Settings as an application gives them: any part. */
export type PartialSettings = { [Name in Exclude<keyof Settings, 'sqlite'>]?: Settings[Name] | undefined } & {
  sqlite?: { [Name in keyof SqliteSettings]?: SqliteSettings[Name] | undefined } | undefined
}

export const SETTING_NAMES = Object.keys(DEFAULT_SETTINGS) as readonly (keyof Settings)[]

/** A row of the table Settings. */
export interface SettingRow {
  readonly key: string
  readonly value: string | number | bigint | null
}

/** One setting: its row in the database under Python's name, and the two directions between row and value. */
interface Field<T> {
  readonly row: string
  read(settings: PartialSettings): T | undefined
  /** Gives a legal value back; throws `TypeError` or `RangeError` that names the setting otherwise. */
  check(value: unknown): T
  toColumn(value: T): number | bigint | string
  fromColumn(column: SettingRow['value']): unknown
  assign(settings: Settings, value: T): void
}

const FIELDS: readonly Field<unknown>[] = [
  flag('statistics', 'statistics'),
  flag('tag_index', 'tagIndex'),
  {
    row: 'eviction_policy',
    read: (settings) => settings.evictionPolicy,
    check: (value) => checkChoice('evictionPolicy', value, EVICTION_POLICIES),
    toColumn: (value) => value,
    fromColumn: (column) => column,
    assign: (settings, value) => {
      settings.evictionPolicy = value
    },
  } satisfies Field<EvictionPolicy>,
  amount('size_limit', 'sizeLimit', { min: 0, max: Number.MAX_SAFE_INTEGER }),
  amount('cull_limit', 'cullLimit', { min: 0, max: 1_000_000 }),
  // From 2 GiB on a value could neither be bound nor read in one piece.
  amount('disk_min_file_size', 'minFileSize', { min: 0, max: 2 ** 29 }),
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

function flag(row: string, name: 'statistics' | 'tagIndex'): Field<boolean> {
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

/** Throws `TypeError` or `RangeError` for an unknown or illegal setting. */
export function checkSettings(settings: PartialSettings): void {
  checkOptions('the settings', settings, SETTING_NAMES)
  if (settings.sqlite !== undefined) {
    checkOptions('the settings in sqlite', settings.sqlite, Object.keys(DEFAULT_SETTINGS.sqlite))
  }
  for (const { read, check } of FIELDS) {
    const value = read(settings)
    if (value !== undefined) check(value)
  }
}

/** The settings that these rows say, with defaults for rows that are missing; throws `ERR_DISKCACHE_FORMAT` for illegal ones. */
export function settingsFromRows(rows: readonly SettingRow[]): Settings {
  const settings: Settings = { ...DEFAULT_SETTINGS, sqlite: { ...DEFAULT_SETTINGS.sqlite } }
  for (const { key, value } of rows) {
    const field = FIELDS.find(({ row }) => row === key)
    if (field !== undefined) field.assign(settings, legal(field, value))
  }
  return settings
}

function legal(field: Field<unknown>, column: SettingRow['value']): unknown {
  try {
    return field.check(field.fromColumn(column))
  } catch (cause) {
    const message = `Cannot use the directory: its setting ${field.row} has the illegal value ${quote(column)}`
    throw new DiskCacheError('ERR_DISKCACHE_FORMAT', message, { cause })
  }
}

/** The rows for the settings that are given. */
export function rowsFromSettings(settings: PartialSettings): SettingRow[] {
  return FIELDS.flatMap(({ row, read, toColumn }) => {
    const value = read(settings)
    return value === undefined ? [] : [{ key: row, value: toColumn(value) }]
  })
}

/** Whether every setting that `wanted` gives is what `stored` has. */
export function agree(wanted: PartialSettings, stored: Settings): boolean {
  return FIELDS.every(({ read }) => read(wanted) === undefined || read(wanted) === read(stored))
}
