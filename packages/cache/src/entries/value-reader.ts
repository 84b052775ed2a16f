import {
  type Column,
  Disk,
  DiskCacheError,
  damageChannel,
  decodeMetadata,
  type EncodedKey,
  type Entry,
  errorChannel,
  hasCode,
  Mode,
  quote,
  unreadableError,
} from '@diskcache/core'
import { type CacheDirectory, type EntryRow, metadataIn } from '@diskcache/core/sqlite'
import { entryOf, isExpired } from './write-options.ts'

/** Stands for the value of a row whose bytes are gone or no longer what was written. */
export const DAMAGED: unique symbol = Symbol('damaged')

/**
 * The number of times that a row is read, because its file went away, as it does when the value is replaced
 * meanwhile. A value that is replaced all the time may go away several times in a row; one that is damaged is
 * recognised at the second.
 */
export const MAX_READ_ATTEMPTS = 1_000

const FOREIGN = BigInt(Mode.pickle)
const FIRST_MODE = BigInt(Mode.raw)
const LAST_MODE = BigInt(Mode.stream)

/** A live row with its decoded value. */
export interface LoadedEntry {
  readonly row: EntryRow
  readonly value: unknown
  /** What the value was decoded from, where whoever reads it may keep that. */
  readonly data?: Column
}

/** Turns rows into values. */
export class ValueReader {
  readonly #directory: CacheDirectory
  readonly #streamsAreBinary: boolean
  readonly #keptBytes: number

  /** Takes the most bytes of data that somebody keeps after the value was decoded; none keeps any unless given. */
  constructor(directory: CacheDirectory, keptBytes = 0) {
    this.#directory = directory
    this.#keptBytes = keptBytes
    this.#streamsAreBinary = directory.disk.constructor === Disk
  }

  /** The form of values that are written as a stream. A codec of its own may give `binary` another meaning. */
  get streamMode(): Mode {
    return this.#streamsAreBinary ? Mode.binary : Mode.stream
  }

  /**
   * Returns the live entry of a key, or `undefined` when there is none. A damaged one counts as missing, and is
   * removed when the lock is free.
   */
  load(key: EncodedKey, now: number): LoadedEntry | undefined {
    return this.loadFrom(key, now, this.#directory.entries.find(key))
  }

  /** Loads an entry like {@link load}, beginning with a row that was read already. */
  loadFrom(key: EncodedKey, now: number, first: EntryRow | undefined): LoadedEntry | undefined {
    let row = first
    for (let attempt = 1; row !== undefined && !isExpired(row.expireTime, now); attempt++) {
      this.checkMode(row, key)
      const data = this.#dataOf(row)
      const value = this.decodeData(row, key, data)
      if (value !== DAMAGED) return data === undefined ? { row, value } : { row, value, data }
      const again = this.#directory.entries.find(key)
      if (attempt === MAX_READ_ATTEMPTS || again?.filename === row.filename) {
        this.removeDamaged(row, key)
        return undefined
      }
      row = again
    }
    return undefined
  }

  /**
   * Returns the value of a row, or `DAMAGED`.
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_FORMAT for a
   * form that this version does not know, and for an instance that the option `classes` does not make
   */
  decode(row: EntryRow, key: EncodedKey): unknown {
    this.checkMode(row, key)
    return this.decodeData(row, key, this.#dataOf(row))
  }

  /** Throws for a value that is not to be read. Beside a checksum, that is not believed before the value was read. */
  checkMode(row: EntryRow, key: EncodedKey): void {
    if (!this.#directory.sums.has(row) && this.#directory.acceptsUnverified()) this.#checkMode(row, key)
  }

  #checkMode({ mode }: { readonly mode: unknown }, key: EncodedKey): void {
    if (mode === FOREIGN) throw this.#foreign(key)
    if (typeof mode !== 'bigint' || mode < FIRST_MODE || mode > LAST_MODE) throw this.#unknown(mode, key)
  }

  /**
   * Returns the value that the data of a row stand for, or `DAMAGED` when they are missing, are not what was stored,
   * or cannot be decoded.
   */
  decodeData(row: EntryRow, key: EncodedKey, data: Column | undefined): unknown {
    if (data === undefined || !this.#directory.isIntact(row, key, data)) return DAMAGED
    this.#checkMode(row, key)
    if (row.filename !== null && this.metadataOf(row, key) === DAMAGED) return DAMAGED
    const mode = Number(row.mode) as Mode
    // What stands in files is bytes, and nothing else.
    if ((mode === Mode.binary || mode === Mode.text || mode === Mode.stream) && !Buffer.isBuffer(data))
      return DAMAGED
    return this.decodeAgain(row, key, data)
  }

  /** Returns the value that intact data of a row stand for, or `DAMAGED` when they cannot be decoded. */
  decodeAgain({ mode: column }: EntryRow, key: EncodedKey, data: Column): unknown {
    const mode = Number(column) as Mode
    const own = this.#apart(data)
    const { disk } = this.#directory
    if (mode === Mode.stream && disk.keepsStreams) return own
    return this.#decoded(key, () => disk.decodeValue(mode, mode === Mode.text ? textOf(own as Buffer) : own))
  }

  /** Returns the metadata of an intact row, `undefined` when there are none, or `DAMAGED` when they cannot be decoded. */
  metadataOf(row: EntryRow, key: EncodedKey): unknown {
    const bytes = metadataIn(row)
    return bytes && this.#decoded(key, () => decodeMetadata(this.#directory.disk, bytes))
  }

  /** Returns what users see of a loaded entry. */
  entryOf<V>({ row, value }: Omit<LoadedEntry, 'data'>): Entry<V> {
    const entry = entryOf(row, value as V)
    const bytes = row.filename === null ? undefined : metadataIn(row)
    // They were decoded together with the value, too.
    return bytes === undefined ? entry : { ...entry, metadata: decodeMetadata(this.#directory.disk, bytes) }
  }

  #decoded(key: EncodedKey, decode: () => unknown): unknown {
    try {
      return decode()
    } catch (error) {
      if (hasCode(error, 'ERR_DISKCACHE_CORRUPT')) return DAMAGED
      if (!hasCode(error, 'ERR_DISKCACHE_FORMAT')) throw error
      throw unreadableError(error as DiskCacheError, this.#directory.disk.decodeKey(key))
    }
  }

  #dataOf({ filename, value, size }: EntryRow): Column | undefined {
    return filename === null ? value : this.#directory.files.read(filename, Number(size))
  }

  /** Returns bytes that the value may share, since nobody keeps them: others than those that are kept. */
  #apart(data: Column): Column {
    return Buffer.isBuffer(data) && data.length <= this.#keptBytes ? Buffer.from(data) : data
  }

  /**
   * Removes exactly the row that was read, only if the lock is free, and tells the channel. It never throws: a read must
   * go on where nothing can be written, as on a full disk.
   */
  removeDamaged(row: EntryRow, key: EncodedKey): void {
    const { connection, entries } = this.#directory
    try {
      connection.tryTransact(() => {
        if (!entries.deleteExactly(row)) return
        this.#directory.discardFile(row.filename)
        if (damageChannel.hasSubscribers) connection.afterCommit(() => this.#tellDamaged(key))
      })
    } catch (error) {
      errorChannel.publish({ store: this.#directory.path, reason: 'failed', error })
    }
  }

  #tellDamaged(encodedKey: EncodedKey): void {
    const { path, disk } = this.#directory
    damageChannel.publish({ store: path, reason: 'entry', key: disk.decodeKey(encodedKey) })
  }

  /** Returns whether the file of the row holds the bytes of the value as they are. */
  isPlainFile(row: EntryRow): boolean {
    const mode = Number(row.mode)
    if (row.filename === null) return false
    if (mode === Mode.stream) return this.#directory.disk.keepsStreams
    return this.#streamsAreBinary && (mode === Mode.binary || mode === Mode.text)
  }

  #foreign(encodedKey: EncodedKey): DiskCacheError {
    const key = this.#directory.disk.decodeKey(encodedKey)
    const message = `Cannot read the value of ${quote(key)}: Python pickled it, and unpickling could run any code`
    return new DiskCacheError('ERR_DISKCACHE_FOREIGN_VALUE', message, { key })
  }

  #unknown(mode: unknown, encodedKey: EncodedKey): DiskCacheError {
    const key = this.#directory.disk.decodeKey(encodedKey)
    const message = `Cannot read the value of ${quote(key)}: its mode ${quote(mode)} is unknown to this version`
    return new DiskCacheError('ERR_DISKCACHE_FORMAT', message, { key })
  }
}

function textOf(bytes: Buffer): string {
  try {
    return bytes.toString('utf8')
  } catch (cause) {
    const message = `Cannot read a text of ${bytes.length} bytes in one piece: use read() for a stream`
    throw new DiskCacheError('ERR_DISKCACHE_TOO_LARGE', message, { cause })
  }
}
