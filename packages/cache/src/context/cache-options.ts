import {
  type ClassesOption,
  checkBoolean,
  checkChoice,
  checkFunction,
  checkNumber,
  checkOptions,
  checkTtl,
  classOf,
  Disk,
  type MemoryOptions,
  makeDisk,
  quote,
  type ResolvedMemoryOptions,
  resolveMemoryOptions,
  type Ttl,
} from '@diskcache/core'
import {
  type CorruptPolicy,
  checkSettings,
  type PartialSettings,
  SETTING_NAMES,
  type UnsafePolicy,
} from '@diskcache/core/sqlite'

/**
 * The options of a `Cache`: settings, which are stored in the directory for every process, and options of this one
 * object.
 */
export type CacheOptions = PartialSettings & {
  /**
   * The time to live, in milliseconds, of every write of this object that gives none, or a range of it, of which one is
   * drawn for each entry; for ever unless given. `ttl: Infinity` in a write is for ever. It is not stored in the directory:
   * each process has its own.
   */
  ttl?: Ttl | undefined
  /**
   * The longest time that a synchronous operation may wait for another process's write, in milliseconds, 5,000 unless
   * given.
   */
  timeout?: number | undefined
  /**
   * The longest time that an operation of `promises` may wait for another process's write, in milliseconds, 60,000
   * unless given. It does not block the event loop.
   */
  asyncTimeout?: number | undefined
  /**
   * The longest time that opening may wait while another process makes the directory or changes its settings, in
   * milliseconds; unless given, 5,000, or `timeout` if that is longer.
   */
  openTimeout?: number | undefined
  /** Settings that are stored when the directory is new. A directory that is there keeps its own. */
  initialSettings?: PartialSettings | undefined
  /**
   * The codec of keys and values, `Disk` unless given: a class, or a codec that was made with options of its own, such as
   * `new Disk({ compression: true })`. A directory is bound to the one that it was written with.
   */
  disk?: typeof Disk | Disk | undefined
  /**
   * What becomes of instances of classes in values. Unless given, they are refused with
   * `ERR_DISKCACHE_UNSUPPORTED_VALUE`, since a copy would not be of the class. Those of the classes that are named here
   * come back as such, in every process that names them; with `'plain'`, all come back as plain objects.
   */
  classes?: ClassesOption | undefined
  /**
   * Whether to read only, `false` unless given. The directory must hold a cache already, and writes throw
   * `ERR_DISKCACHE_READONLY`. No file is made in it. Where no other process has it open for writing, a copy of the
   * database is read, without its value files, which takes about a millisecond for each MB; a later writer is noticed
   * within a second.
   */
  readonly?: boolean | undefined
  /**
   * The number of caches that are one store together and share the bound of the write-ahead log, 1 unless given. A
   * `FanoutCache` says it of its shards.
   */
  shards?: number | undefined
  /**
   * What is done about a database that is damaged. With `'quarantine'`, the default, its indexes are rebuilt; where that
   * is not enough, it is copied aside and made anew, empty, while other processes go on with it. With `'throw'`,
   * nothing is changed, and operations throw `ERR_DISKCACHE_CORRUPT` until `check({ fix: true })`.
   */
  onCorrupt?: CorruptPolicy | undefined
  /**
   * What is done about a directory that others may change, who then decide what the cache answers: one that every user
   * may write to, or that belongs to another user. With `'warn'`, the default, `process.emitWarning` tells of it, once;
   * with `'throw'`, opening throws `ERR_DISKCACHE_UNSAFE`. The administrator, and a group that shares the directory by
   * `mode`, are trusted; with `readonly`, so is the owner. Windows tells nothing of that.
   */
  onUnsafe?: UnsafePolicy | undefined
  /**
   * The permissions of a directory that is made, 0o700 unless given: it and all in it are for this user alone. With 0o770,
   * the users of its group share it: every file is theirs, too, whatever the umask of the process that makes it. Such a
   * directory has the set-group-ID bit, by which every process knows that it is shared; one that is there already becomes
   * so by `chmod 2770`. Windows has other permissions, and ignores these.
   */
  mode?: number | undefined
  /**
   * Whether to write the file CACHEDIR.TAG, by which backup programs know that they may leave the directory out, `false`
   * unless given. Python's `check()` warns of it, and removes it with `fix`.
   */
  cachedirTag?: boolean | undefined
  /**
   * Keeps entries that were read in this process's memory, too, so that hot ones are read twenty times as fast; off
   * unless given. What is read from memory is what the directory held at most `staleness` milliseconds ago, 1 unless
   * given, whichever process writes there. `get` and `getEntry` read from it, outside of `transact`.
   */
  memory?: MemoryOptions | undefined
  /** Returns the present in epoch milliseconds, `Date.now` unless given; for tests. */
  clock?: (() => number) | undefined
}

/** The options of a `Cache`, checked and complete. */
export interface ResolvedCacheOptions {
  /** The settings to store, for every process. */
  readonly settings: PartialSettings
  /** The settings to store when the directory is new. */
  readonly initialSettings: PartialSettings
  /** The time to live of writes that give none; for ever when left out. */
  readonly ttl?: Ttl | undefined
  /** The longest wait of a synchronous operation, in milliseconds. */
  readonly timeout: number
  /** The longest wait of an operation of `promises`, in milliseconds. */
  readonly asyncTimeout: number
  /** The longest wait of opening, in milliseconds. */
  readonly openTimeout: number
  /** The codec of keys and values, or its class. */
  readonly disk: typeof Disk | Disk
  /** What becomes of instances of classes. */
  readonly classes?: ClassesOption | undefined
  /** Whether to read only. */
  readonly readonly: boolean
  /** The number of caches that share the bound of the log. */
  readonly shards: number
  /** What is done about a database that is damaged. */
  readonly onCorrupt: CorruptPolicy
  /** What is done about a directory that others may change. */
  readonly onUnsafe: UnsafePolicy
  /** The permissions of a directory that is made. */
  readonly mode?: number | undefined
  /** Whether to write CACHEDIR.TAG. */
  readonly cachedirTag?: boolean
  /** Which entries are kept in memory, if any. */
  readonly memory?: ResolvedMemoryOptions | undefined
  /** Returns the present in epoch milliseconds. */
  readonly clock: () => number
}

const OPTION_NAMES = [
  ...SETTING_NAMES,
  'ttl',
  'timeout',
  'asyncTimeout',
  'openTimeout',
  'initialSettings',
  'disk',
  'classes',
  'readonly',
  'shards',
  'onCorrupt',
  'onUnsafe',
  'mode',
  'cachedirTag',
  'memory',
  'clock',
]

const CORRUPT_POLICIES: readonly CorruptPolicy[] = ['quarantine', 'throw']

/** How long ago what is read from memory may have been true, in milliseconds, unless the application says otherwise. */
const DEFAULT_STALENESS = 1

const UNSAFE_POLICIES: readonly UnsafePolicy[] = ['warn', 'throw', 'ignore']

/**
 * Completes options with their defaults; throws `TypeError` or `RangeError` that names an illegal option and its
 * value.
 */
export function resolveCacheOptions(options: CacheOptions): ResolvedCacheOptions {
  checkOptions('the options', options, OPTION_NAMES)
  const {
    ttl,
    timeout = 5_000,
    asyncTimeout = 60_000,
    openTimeout = Math.max(5_000, timeout),
    initialSettings = {},
    disk = Disk,
    classes,
    readonly = false,
    shards = 1,
    onCorrupt = 'quarantine',
    onUnsafe = 'warn',
    mode,
    cachedirTag = false,
    memory,
    clock = () => Date.now(), // looked up at each call, as fake timers replace it while the cache is open
    ...settings
  } = options
  checkNumber('timeout', timeout, { min: 0, max: 2 ** 31 })
  checkNumber('asyncTimeout', asyncTimeout, { min: 0, max: 2 ** 31 })
  checkNumber('openTimeout', openTimeout, { min: 0, max: 2 ** 31 })
  checkBoolean('readonly', readonly)
  checkNumber('shards', shards, { min: 1, max: 1_000, integer: true })
  checkChoice('onCorrupt', onCorrupt, CORRUPT_POLICIES)
  checkChoice('onUnsafe', onUnsafe, UNSAFE_POLICIES)
  if (mode !== undefined) checkMode(mode)
  checkBoolean('cachedirTag', cachedirTag)
  checkFunction('clock', clock)
  const codec = makeDisk(disk, classes)
  checkCodecName(classOf(codec))
  checkSettings(settings, codec)
  checkSettings(initialSettings, codec)
  return {
    ...{ settings, initialSettings, timeout, asyncTimeout, openTimeout, disk, readonly, shards, onCorrupt },
    ...{ onUnsafe, classes, mode, cachedirTag, clock, ttl: ttl === undefined ? ttl : checkTtl(ttl) },
    memory: resolveMemoryOptions(memory, { staleness: DEFAULT_STALENESS }),
  }
}

function checkMode(mode: unknown): void {
  const isMode = Number.isInteger(mode) && ((mode as number) & ~0o077) === 0o700
  if (isMode) return
  throw new RangeError(
    `Cannot use mode ${quote(mode)}: expected permissions that let the owner in, such as 0o700 or 0o770`,
  )
}

function checkCodecName(disk: typeof Disk): void {
  if (Object.hasOwn(disk, 'codec')) return
  const name = quote(disk.name)
  throw new TypeError(
    `Cannot use disk ${name}: give it a static codec name of its own, to be recorded in the directory`,
  )
}
