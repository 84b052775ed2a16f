import { statSync } from 'node:fs'
import { join } from 'node:path'
import { quote } from '../checks/argument-check.ts'
import type { Column, EncodedKey } from '../codec/columns.ts'
import { classOf, Disk, makeDisk } from '../codec/disk.ts'
import type { ClassesOption } from '../codec/stored-classes.ts'
import { damageChannel } from '../contract/diagnostics.ts'
import { DiskCacheError, hasCode } from '../contract/errors.ts'
import { areMetadataIntact } from './checksums/metadata-column.ts'
import { RowSums } from './checksums/row-sums.ts'
import { clearInPlace } from './clear-in-place.ts'
import type { Connection } from './connection/connection.ts'
import { damageError } from './connection/damage-error.ts'
import type { Engine } from './connection/engine.ts'
import { HARDENING } from './connection/hardening.ts'
import type { Query } from './connection/query.ts'
import { isWriteVersionDamaged } from './damage/database-header.ts'
import { type CorruptPolicy, Repair } from './damage/repair.ts'
import { writeCachedirTag } from './files/cachedir-tag.ts'
import { checkSafety, type UnsafePolicy } from './files/directory-safety.ts'
import { prepareDirectory } from './files/prepare-directory.ts'
import { sharedMode } from './files/shared-mode.ts'
import { closeAtExit, removeTemporary } from './files/temporary-directory.ts'
import { explainUnwritable } from './files/unwritable-error.ts'
import { ValueFiles } from './files/value-files.ts'
import { openConnection } from './open-connection.ts'
import { ConsistencyQueries } from './queries/consistency-queries.ts'
import { EntryPages } from './queries/entry-pages.ts'
import { type EntryRow, EntryTable } from './queries/entry-table.ts'
import { KeyPositions } from './queries/key-positions.ts'
import { QueueEnds } from './queries/queue-ends.ts'
import { RemovalQueries } from './queries/removal-queries.ts'
import { readonlyEngine } from './readonly/readonly-engine.ts'
import { Reserve } from './reserve.ts'
import { CODEC_COPY_ROW, CODEC_ROW, codecNames } from './schema/codec-name.ts'
import {
  inspectSchema,
  readAsCurrent,
  writeEvictionSchema,
  writeSchema,
  writeTagIndex,
} from './schema/schema.ts'
import {
  acceptsUnverified,
  agree,
  asksForDurability,
  DEFAULT_SETTINGS,
  illegalSettings,
  type PartialSettings,
  rowsFromSettings,
  rowsInstead,
  type SettingRow,
  type Settings,
  settingsFromRows,
  syncsEveryCommit,
  UNVERIFIED_ROW,
  withDefaults,
} from './schema/settings.ts'
import { fileSizeLimit } from './system/file-size-limit.ts'
import { warnOfNetwork } from './system/network-file-system.ts'
import { type DatabaseReport, reportInThread } from './thread-report.ts'
import { type CounterName, Volume } from './volume.ts'
import { WriteAheadLog } from './write-ahead-log.ts'

export type { CounterName }

/** What a directory is opened with. */
export interface DirectoryOptions {
  /** The copy of better-sqlite3 to use. */
  readonly engine: Engine
  /** The settings to store, for every process. */
  readonly settings: PartialSettings
  /** The settings to store when the directory is new. */
  readonly initialSettings?: PartialSettings
  /** The longest time that an operation may wait for other processes, in milliseconds. */
  readonly timeout: number
  /**
   * The longest time that opening may wait while another process makes the directory or changes its settings, in
   * milliseconds; `timeout` unless given.
   */
  readonly openTimeout?: number
  /** Whether the directory is only read. */
  readonly readonly: boolean
  /** The codec of keys and values, or its class. */
  readonly disk: typeof Disk | Disk
  /** What becomes of instances of classes in values. */
  readonly classes?: ClassesOption | undefined
  /** Whether the directory may be one of any codec, since no key and no value is decoded; `false` unless given. */
  readonly acceptsAnyCodec?: boolean
  /** The number of directories that are one store together, this one included, and share the bound of the log; 1 unless given. */
  readonly shards?: number
  /** What is done about a database that is damaged; `'throw'` unless given. */
  readonly onCorrupt?: CorruptPolicy
  /** What is done about a directory that others may change; `'warn'` unless given. */
  readonly onUnsafe?: UnsafePolicy
  /** The permissions of a directory that is made, 0o700 unless given. */
  readonly mode?: number | undefined
  /** Whether the directory is marked for backup programs to leave it out; `false` unless given. */
  readonly cachedirTag?: boolean | undefined
}

/** The size of a database page, in bytes. Small pages make a write cheaper, since it writes whole pages to the log. */
const PAGE_SIZE = 2048

/** The bytes of a database that SQLite checks in a few milliseconds. */
const SMALL_BYTES = 2 * 2 ** 20

/** The part of a limit from which on uses are noted. */
const NEAR_PART = 3 / 4

/** The part of the size limit that the file of the database may be too large before its log is written back. */
const PENDING_PART = 1 / 16

const SYNCHRONOUS = { off: 0, normal: 1, full: 2, extra: 3 } as const

/** A directory that holds a cache, opened: its database, its value files and its settings. */
export class CacheDirectory {
  /** The real path of the directory, without links. */
  readonly path: string
  /** The connection of this process to the database. */
  readonly connection: Connection
  /** The files of large values. */
  readonly files: ValueFiles
  /** The codec of keys and values. */
  readonly disk: Disk
  /** The queries on single rows. */
  readonly entries: EntryTable
  /** The pages of an iteration over keys, without values. */
  readonly keyPages: EntryPages
  /** The pages of an iteration over entries. */
  readonly entryPages: EntryPages
  /** The queries for keys by their position. */
  readonly positions: KeyPositions
  /** The queries for rows that go by expiry, tag or prefix. */
  readonly removals: RemovalQueries
  /** The queries for the ends of queues. */
  readonly queues: QueueEnds
  /** The queries of the consistency check. */
  readonly consistency: ConsistencyQueries
  /** The checksums of entries. */
  readonly sums = new RowSums()
  /** The space that is held back for a full disk. */
  readonly reserve: Reserve
  /** The write-ahead log of the database. */
  readonly log: WriteAheadLog
  readonly #file: string
  readonly #settingRows: Query<SettingRow>
  readonly #setSetting: Query
  readonly #addToCounter: Query
  readonly #dataVersion: Query<number>
  readonly #volume: Volume
  readonly #shards: number
  /** Whether the disk was full, and there is no reserve again yet. */
  #isTight = false
  readonly #fileSizeLimit = fileSizeLimit()
  readonly #options: DirectoryOptions
  /** What closes a directory that is a temporary one. */
  readonly #closeTemporary: (() => void) | undefined
  #settings: Settings | undefined
  #acceptsUnverified = false
  /** Whether what a version before or Python made is read as it is. */
  #readsOlder = false

  /**
   * Opens `directory`, or a new temporary one. A directory that is current, with no setting that differs, is only
   * read.
   *
   * @throws DiskCacheError ERR_DISKCACHE_FORMAT when the directory holds something else or another codec's values,
   * ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_CORRUPT, ERR_DISKCACHE_ENGINE
   */
  constructor(directory: string | undefined, options: DirectoryOptions) {
    this.#options = options
    if (directory === undefined) this.#closeTemporary = () => this.close()
    this.path = this.#prepare(directory)
    checkSafety(this.path, options.onUnsafe ?? 'warn', options.readonly)
    this.disk = makeDisk(options.disk, options.classes)
    const { readonly, openTimeout = options.timeout } = options
    this.files = new ValueFiles(this.path, { readonly, mode: readonly ? undefined : sharedMode(this.path) })
    this.#file = join(this.path, 'cache.db')
    this.reserve = new Reserve(this.path, `${this.#file}-reserve`)
    const engine = readonly ? readonlyEngine(options.engine) : options.engine
    this.connection = openConnection(
      this.#file,
      { ...options, engine },
      { openTimeout, reserve: this.reserve },
    )
    this.entries = new EntryTable(this.connection, this.sums)
    this.keyPages = new EntryPages(this.connection, false)
    this.entryPages = new EntryPages(this.connection, true)
    this.positions = new KeyPositions(this.connection)
    this.removals = new RemovalQueries(this.connection)
    this.queues = new QueueEnds(this.connection)
    this.consistency = new ConsistencyQueries(this.connection)
    this.#settingRows = this.connection.query('SELECT key, value FROM Settings')
    this.#setSetting = this.connection.query('INSERT OR REPLACE INTO Settings (key, value) VALUES (?, ?)')
    this.#addToCounter = this.connection.query('UPDATE Settings SET value = value + ? WHERE key = ?')
    this.#dataVersion = this.connection.numberQuery('PRAGMA data_version')
    this.#volume = new Volume(this.connection)
    this.log = new WriteAheadLog(this.connection, `${this.#file}-wal`)
    this.#shards = options.shards ?? 1
    try {
      this.connection.withTimeout(openTimeout, () => this.#setUp())
      this.connection.onCommit = () => this.#afterCommit()
    } catch (error) {
      this.connection.close()
      throw readonly ? error : explainUnwritable(error, this.path)
    }
    warnOfNetwork(this.path)
    if (this.#closeTemporary !== undefined) closeAtExit(this.#closeTemporary)
  }

  /** The settings as this process read them last; see {@link readSettings}. */
  get settings(): Readonly<Settings> {
    return this.#settings ?? DEFAULT_SETTINGS
  }

  /** Reads the settings again, since another process may have changed them, and returns them. */
  readSettings(): Readonly<Settings> {
    const before: Settings | undefined = this.#settings
    this.#settings = this.#follow(this.#settingRows.all())
    if (this.#settings.sizeLimit !== before?.sizeLimit) this.#boundLog()
    return this.#settings
  }

  /**
   * Returns whether a row, and the data of its value, are what was stored under this key: always, where checksums are
   * off, and for a row without one where such rows may be.
   */
  isIntact(row: EntryRow, key: EncodedKey, data: Column): boolean {
    // The one column that no checksum covers, since Python's touch() changes it alone.
    if (row.expireTime !== null && typeof row.expireTime !== 'number') return false
    if (row.filename !== null && !areMetadataIntact(row)) return false
    if (this.sums.has(row)) return this.sums.matches(row, key, data)
    return this.acceptsUnverified()
  }

  /** Returns whether a row was stored under this key, in all else like {@link isIntact}. */
  isKeyIntact(row: Pick<EntryRow, 'sum'>, key: EncodedKey): boolean {
    return this.sums.has(row) ? this.sums.matchesKey(row, key) : this.acceptsUnverified()
  }

  /** Returns whether a row without a checksum may be sound. Python may have opened the directory since the last look. */
  acceptsUnverified(): boolean {
    if (this.#acceptsUnverified) return true
    this.readSettings()
    return this.#acceptsUnverified
  }

  /** Stores settings, for every process, and makes the indexes that they need. */
  configure(settings: PartialSettings): void {
    this.connection.mending(() => this.connection.transact(() => this.#change(settings)))
  }

  #change(settings: PartialSettings): void {
    const before = this.readSettings()
    this.connection.afterRollback(() => this.readSettings())
    this.#storeSettings(settings)
    const after = this.readSettings()
    if (after.evictionPolicy !== before.evictionPolicy)
      writeEvictionSchema(this.connection, after.evictionPolicy)
    if (settings.tagIndex !== undefined) writeTagIndex(this.connection, after.tagIndex)
    if (!after.checksums) this.#setUnverified(true)
  }

  /** When every row has a checksum, takes one without for damaged from now on, unless Python uses the directory. */
  believeChecksums(): void {
    this.connection.transact(() => {
      if (this.entries.haveSums()) this.#setUnverified(false)
    })
  }

  /** Stores whether there may be sound entries without a checksum, inside a transaction. */
  #setUnverified(mayBe: boolean): void {
    this.#setSetting.run(UNVERIFIED_ROW, mayBe ? 1n : 0n)
    this.readSettings()
  }

  /** Returns a counter as it stands in the database, counted anew where that cannot be true. */
  counter(name: CounterName): number {
    return this.#volume.counter(name)
  }

  /** Adds to a counter in the database. */
  addToCounter(name: CounterName, amount: number): void {
    this.#addToCounter.run(BigInt(amount), name)
  }

  /** Returns a number that changes when another connection has committed. */
  dataVersion(): number | undefined {
    return this.#dataVersion.get()
  }

  /** Sets hits and misses to 0. */
  resetStatistics(): void {
    this.#setSetting.run('hits', 0n)
    this.#setSetting.run('misses', 0n)
  }

  /**
   * Makes the database anew, without entries, and returns `true`; `false` where damage is not to cost entries. Nothing
   * happens when another process has done that just now.
   */
  reset(state: string): boolean {
    return this.connection.reset(damageError(state))
  }

  /**
   * Returns the bytes that the cache takes on the disk, as `du` counts: database pages, the blocks of value files,
   * directories, the reserve. The write-ahead log is not counted; {@link log} bounds it.
   */
  volume(): number {
    return this.connection.snapshot(() => this.#volume.bytes()) + this.reserve.size
  }

  /**
   * Resolves to what SQLite says of the whole database, which a thread asks it, so that the event loop turns meanwhile;
   * to `undefined` where that is not worth while, or cannot be.
   */
  async reportInThread(): Promise<DatabaseReport | undefined> {
    const isSmall = this.#volume.pages() <= SMALL_BYTES
    return isSmall || this.connection.readonly ? undefined : reportInThread(this.#options.engine, this.#file)
  }

  /** Returns whether the cache is so near one of its limits that what is used must be known, lest it be evicted. */
  isNearLimit(): boolean {
    const bytes = this.#volume.pages() + this.counter('size')
    return bytes >= this.settings.sizeLimit * NEAR_PART || this.isNearMaxEntries(this.counter('count'))
  }

  /** Returns whether so many entries are near `maxEntries`, in all else like {@link isNearLimit}. */
  isNearMaxEntries(count: number): boolean {
    return count >= this.settings.maxEntries * NEAR_PART
  }

  /** Closes the directory, and removes a temporary one that nobody else has open. A second call does nothing. */
  close(): void {
    if (!this.connection.isOpen) return
    this.#close()
    if (this.#closeTemporary !== undefined) removeTemporary(this.path, this.#closeTemporary)
  }

  #close(): void {
    this.log.stop()
    // Who closes last removes the log. If others have it open, it should not stay large.
    if (!this.connection.readonly && !this.connection.inTransaction && this.connection.hasHandle)
      this.log.cut()
    this.connection.close()
    // The last one to close gives the space of the log back, perhaps on a full disk.
    if (!this.connection.readonly) this.reserve.make(this.settings.sizeLimit)
  }

  /**
   * Frees space on a full disk without removing anything: what is in the log goes to the database, so that the next
   * transaction needs no new space for the log, and with `all` the reserve is given up. To be called outside a
   * transaction.
   */
  relieve(all: boolean): void {
    this.log.writeBack()
    // Now there is space for the pages that the database has to grow by.
    if (all && this.reserve.spend()) this.log.writeBack()
    this.#isTight = true
  }

  /** Makes the reserve for a full disk, where there is none, and enough space. */
  holdReserve(): void {
    this.reserve.make(this.settings.sizeLimit)
    this.#isTight &&= this.reserve.size === 0
  }

  #afterCommit(): void {
    this.log.noteCommit()
    // On a full disk, a page that only stands in the log may find no place in the database later.
    if (this.#isTight) this.log.writeBack()
  }

  /**
   * Shrinks the file of the database to its pages, of which `volume` has counted those in use, where `du` would see
   * more than the size limit otherwise. To be called outside a transaction.
   */
  giveBack(volume: number): void {
    const { sizeLimit } = this.settings
    const pending = (statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0) - this.#volume.pages()
    if (pending > 0 && volume + pending > sizeLimit * (1 + PENDING_PART)) this.log.writeBack()
  }

  /** Deletes a row. Its file is removed when the outermost transaction is committed. */
  remove(row: { readonly rowid: bigint; readonly filename: string | null }): void {
    this.entries.delete(row.rowid)
    this.discardFile(row.filename)
  }

  /** Removes a file that no row will name once the transaction under way is committed. */
  discardFile(filename: string | null): void {
    if (filename !== null) this.connection.afterCommit(() => this.files.remove(filename))
  }

  /**
   * Removes all rows up to `newest`, at once and without visiting them, with their files, and returns their number;
   * `undefined` when that cannot be done here, and nothing has changed. To be called outside a transaction.
   *
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_FULL, ERR_DISKCACHE_CORRUPT, ERR_DISKCACHE_ENGINE
   */
  clearInPlace(newest: bigint): number | undefined {
    const { connection } = this
    const { engine } = this.#options
    const cleared = clearInPlace({ connection, file: this.#file, engine, newest })
    if (cleared === undefined) return undefined
    connection.lookNow()
    for (const filename of cleared.filenames) this.files.remove(filename)
    this.log.writeBack()
    return cleared.count
  }

  /** Makes what is missing of the directory, and returns its real path. */
  #prepare(directory: string | undefined): string {
    const { readonly, cachedirTag = false } = this.#options
    // One that went away is made again as it was.
    const mode = this.files?.mode ?? this.#options.mode
    const path = prepareDirectory(directory, { readonly, isDurable: asksForDurability(this.#options), mode })
    if (cachedirTag && !readonly) writeCachedirTag(path)
    return path
  }

  #setUp(): void {
    const { onCorrupt = 'throw', initialSettings = {}, settings } = this.#options
    const repair = new Repair({
      store: this.path,
      file: this.#file,
      connection: this.#options,
      policy: onCorrupt,
      codec: classOf(this.disk).codec,
      knownSettings: () => rowsFromSettings(this.#settings ?? { ...initialSettings, ...settings }),
      afterReset: () => this.connection.replaced(),
    })
    this.connection.setUp({
      beforeOpen: () => this.#prepare(this.path),
      afterOpen: () => this.#open(),
      mend: (error, isDeferring) => (isDeferring ? repair.mendOrDefer(error) : repair.mend(error)),
      isMendDeferred: () => repair.isMendDeferred,
      mendDeferred: () => repair.mendDeferred(),
      reset: (error) => repair.reset(error),
      succeeded: () => repair.succeeded(),
    })
  }

  #open(): void {
    // What is opened again has settings of its own, unless it was made anew.
    const known = this.#settings && { settings: {}, initialSettings: this.#settings }
    try {
      this.#settings = this.#openDatabase({ ...this.#options, ...known })
    } catch (error) {
      if (!hasCode(error, 'ERR_DISKCACHE_READONLY') || !isWriteVersionDamaged(this.#file)) throw error
      throw damageError('its header says that it may only be read')
    }
    this.#boundLog()
  }

  #openDatabase(options: DirectoryOptions): Settings {
    this.connection.execute(HARDENING)
    const state = inspectSchema(this.connection)
    if (options.readonly && state === 'missing') {
      throw new DiskCacheError(
        'ERR_DISKCACHE_FORMAT',
        `Cannot open ${this.path} with readonly: it holds no cache yet`,
      )
    }
    if (state === 'missing') this.#beginDatabase(options)
    if (!options.readonly) this.#useWriteAheadLog()
    this.#readsOlder = options.readonly && state === 'older'
    if (this.#readsOlder) readAsCurrent(this.connection)
    const rows = state === 'missing' ? [] : this.#settingRows.all()
    const stored = this.#follow(rows)
    if (state === 'current') this.#checkCodec(rows)
    const isCurrent =
      state === 'current' && this.#isAsAsked(options.settings, stored) && !this.#needMending(rows)
    if (isCurrent && !options.readonly) this.#checkWritable()
    const settings = isCurrent || options.readonly ? stored : this.#write(options)
    const { cacheSize, synchronous } = settings.sqlite
    this.files.isDurable = syncsEveryCommit(synchronous)
    this.connection.execute(
      `PRAGMA cache_size = ${cacheSize}; PRAGMA synchronous = ${SYNCHRONOUS[synchronous]}`,
    )
    return settings
  }

  /**
   * Prepares what makes an empty database one of ours. That need not outlast a loss of power, and would otherwise wait for
   * the disk ten times; with what is stored then, it is synced as the settings say.
   */
  #beginDatabase(options: DirectoryOptions): void {
    if (!asksForDurability(options)) this.connection.execute('PRAGMA synchronous = OFF')
    this.connection.execute(`PRAGMA page_size = ${PAGE_SIZE}; PRAGMA auto_vacuum = 1`)
  }

  #boundLog(): void {
    if (this.connection.readonly) return
    const [{ pageSize }, fileSize] = [this.#volume, this.#fileSizeLimit]
    this.log.bound(this.settings.sizeLimit, { databases: this.#shards, pageSize, fileSize })
    // A page in the log that finds no place in the database would keep the log from being written back for ever.
    if (fileSize < Infinity)
      this.connection.execute(`PRAGMA max_page_count = ${Math.floor(fileSize / pageSize)}`)
  }

  /**
   * Throws `ERR_DISKCACHE_READONLY` where SQLite could open the database, its log or the log's index for reading only:
   * it does that silently when opening them for writing failed, be it for a moment. The lock is asked for and given
   * back, and nothing is committed.
   */
  #checkWritable(): void {
    const { connection } = this
    // Whoever has the lock keeps it: that it is asked for is enough.
    connection.tryTransact(() => connection.query('DELETE FROM Settings WHERE 0').run())
  }

  #useWriteAheadLog(): void {
    const mode = this.connection.query<{ journal_mode: string }>('PRAGMA journal_mode')
    if (mode.get()?.journal_mode === 'wal') return
    this.connection.execute('PRAGMA journal_mode = WAL')
    const found = mode.get()?.journal_mode
    if (found === 'wal') return
    const message = `Cannot open ${this.path}: its file system does not support write-ahead logging (journal mode ${quote(found)})`
    throw new DiskCacheError('ERR_DISKCACHE_ENGINE', message)
  }

  /** Makes or adapts the schema and stores the given settings, as one transaction; returns the settings afterwards. */
  #write({ settings, initialSettings = {} }: DirectoryOptions): Settings {
    return this.connection.transact(() => {
      const isNew = writeSchema(this.connection, classOf(this.disk).codec)
      const rows = this.#settingRows.all()
      this.#checkCodec(rows)
      this.#mendSettings(rows)
      if (isNew) this.#storeSettings(initialSettings)
      this.#storeSettings(settings)
      const stored = this.readSettings()
      if (!stored.checksums) this.#setUnverified(true)
      writeEvictionSchema(this.connection, stored.evictionPolicy)
      writeTagIndex(this.connection, stored.tagIndex)
      return stored
    })
  }

  /** Returns the settings that these rows say, and lets checksums follow them. */
  #follow(rows: readonly SettingRow[]): Settings {
    const settings = settingsFromRows(rows, this.#fallback)
    if (this.disk.compressLevel === undefined) delete settings.compressLevel
    else this.disk.compressLevel = settings.compressLevel ?? this.disk.compressLevel
    this.sums.isOn = settings.checksums
    this.entries.countsWrites = settings.evictionPolicy === 's3-fifo'
    this.#acceptsUnverified = this.#readsOlder || !settings.checksums || acceptsUnverified(rows)
    return settings
  }

  /**
   * Throws `ERR_DISKCACHE_FORMAT` when the directory was written with another codec; also when its two names differ,
   * where damage is not mended.
   */
  #checkCodec(rows: readonly SettingRow[]): void {
    if (this.#options.acceptsAnyCodec) return
    const { codec } = classOf(this.disk)
    const names = codecNames(rows)
    if (names.length === 0) names.push(Disk.codec)
    const isOurs =
      this.#fallback === undefined ? names.every((name) => name === codec) : names.includes(codec)
    if (isOurs) return
    const other = names.find((name) => name !== codec)
    const message = `Cannot open the directory with the codec ${quote(codec)}: it was written with ${quote(other)}`
    throw new DiskCacheError('ERR_DISKCACHE_FORMAT', message, { codec: String(other) })
  }

  /** Returns whether settings are as they are asked for. Python turns that of tags on and off with one of its indexes alone. */
  #isAsAsked(wanted: PartialSettings, stored: Settings): boolean {
    const { tagIndex } = wanted
    return agree(wanted, stored) && (tagIndex === undefined || this.removals.tagged.areAs(tagIndex))
  }

  /** Returns whether damage has given settings illegal values, or the codec two names. */
  #needMending(rows: readonly SettingRow[]): boolean {
    return illegalSettings(rows).length > 0 || codecNames(rows).length > 1
  }

  /** What stands for settings that cannot be true, in a cache that is mended; without it they are refused. */
  get #fallback(): Settings | undefined {
    if (this.#options.onCorrupt !== 'quarantine') return undefined
    return this.#settings ?? withDefaults(this.#options.initialSettings ?? {})
  }

  #mendSettings(rows: readonly SettingRow[]): void {
    if (!this.#needMending(rows) || this.#fallback === undefined) return
    const illegal = illegalSettings(rows)
    for (const row of rowsInstead(this.#fallback)) {
      if (illegal.includes(row.key)) this.#setSetting.run(row.key, row.value)
    }
    for (const row of [CODEC_ROW, CODEC_COPY_ROW]) this.#setSetting.run(row, classOf(this.disk).codec)
    const damaged = codecNames(rows).length > 1 ? [...illegal, CODEC_ROW] : illegal
    const error = damageError(`its settings ${damaged.join(', ')} have illegal values`)
    this.connection.afterCommit(() => damageChannel.publish({ store: this.path, reason: 'repaired', error }))
  }

  #storeSettings(settings: PartialSettings): void {
    for (const { key, value } of rowsFromSettings(settings)) this.#setSetting.run(key, value)
  }
}
