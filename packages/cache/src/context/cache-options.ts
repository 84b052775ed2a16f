import { checkBoolean, checkFunction, checkNumber, checkOptions, Disk, quote } from '@diskcache/core'
import { checkSettings, type PartialSettings, SETTING_NAMES } from '@diskcache/core/sqlite'

/** Settings, which are stored in the directory for every process, and options of this one object. */
export type CacheOptions = PartialSettings & {
  /** How long a synchronous operation may wait for another process's write, in milliseconds, 5,000. */
  timeout?: number | undefined
  /** The same for promises, which wait without blocking, 60,000. */
  asyncTimeout?: number | undefined
  /** The same for opening, where the directory is being made or its settings change; 5,000, or `timeout` if longer. */
  openTimeout?: number | undefined
  /** Settings for a directory that is new; one that is there keeps its own. */
  initialSettings?: PartialSettings | undefined
  /** The codec of keys and values. A directory is bound to the one it was written with. */
  disk?: typeof Disk | undefined
  /** Only read. The directory must hold a cache already. */
  readonly?: boolean | undefined
  /** The present in epoch milliseconds, `Date.now`; for tests. */
  clock?: (() => number) | undefined
}

/** Options, checked and complete. */
export interface ResolvedCacheOptions {
  readonly settings: PartialSettings
  readonly initialSettings: PartialSettings
  readonly timeout: number
  readonly asyncTimeout: number
  readonly openTimeout: number
  readonly disk: typeof Disk
  readonly readonly: boolean
  readonly clock: () => number
}

const OPTION_NAMES = [
  ...SETTING_NAMES,
  'timeout',
  'asyncTimeout',
  'openTimeout',
  'initialSettings',
  'disk',
  'readonly',
  'clock',
]

/** Completes options; throws `TypeError` or `RangeError` that names the option and the value. */
export function resolveCacheOptions(options: CacheOptions): ResolvedCacheOptions {
  checkOptions('the options', options, OPTION_NAMES)
  const {
    timeout = 5_000,
    asyncTimeout = 60_000,
    openTimeout = Math.max(5_000, timeout),
    initialSettings = {},
    disk = Disk,
    readonly = false,
    clock = Date.now,
    ...settings
  } = options
  checkNumber('timeout', timeout, { min: 0, max: 2 ** 31 })
  checkNumber('asyncTimeout', asyncTimeout, { min: 0, max: 2 ** 31 })
  checkNumber('openTimeout', openTimeout, { min: 0, max: 2 ** 31 })
  checkBoolean('readonly', readonly)
  checkFunction('clock', clock)
  checkDisk(disk)
  checkSettings(settings)
  checkSettings(initialSettings)
  return { settings, initialSettings, timeout, asyncTimeout, openTimeout, disk, readonly, clock }
}

function checkDisk(disk: unknown): void {
  const isDisk = typeof disk === 'function' && typeof disk.prototype?.encodeKey === 'function'
  if (!isDisk) throw new TypeError(`Cannot use disk: expected a subclass of Disk, got ${quote(disk)}`)
  if (Object.hasOwn(disk, 'codec')) return
  const name = quote(disk.name)
  throw new TypeError(
    `Cannot use disk ${name}: give it a static codec name of its own, to be recorded in the directory`,
  )
}
