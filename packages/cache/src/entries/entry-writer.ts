import {
  type Column,
  DiskCacheError,
  type EncodedKey,
  type EncodedValue,
  encodeMetadata,
  Mode,
  tooLargeError,
} from '@diskcache/core'
import {
  type CacheDirectory,
  KEYS_PER_STATEMENT,
  type LocatedRow,
  metadataColumn,
  type RowOptions,
} from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import type { Eviction } from '../upkeep/eviction.ts'
import type { FullDisk } from '../upkeep/full-disk.ts'
import type { Command } from './command.ts'
import { PlainBatches } from './plain-batches.ts'
import {
  aboutLength,
  entryLength,
  type PlannedValue,
  type PreparedSet,
  type PreparedValue,
} from './prepared-value.ts'
import { isExpired, rowOptions } from './write-options.ts'

/**
 * Turns values into rows and files, in three steps: a value is planned (encoded), prepared (written to its file, if
 * it has one), and put into a row as a stored value.
 */
export class EntryWriter {
  readonly #context: CacheContext
  readonly #directory: CacheDirectory
  readonly #eviction: Eviction
  readonly #fullDisk: FullDisk
  readonly #plain: PlainBatches

  constructor(context: CacheContext, eviction: Eviction, fullDisk: FullDisk) {
    this.#context = context
    this.#directory = context.directory
    this.#eviction = eviction
    this.#fullDisk = fullDisk
    this.#plain = new PlainBatches(context, eviction)
  }

  /** Plans a value: encodes it and decides between column and file. Writes nothing. */
  plan(value: unknown): PlannedValue {
    const { sizeLimit, minFileSize } = this.#context.settingsAt(this.#context.now())
    const { mode, data } = this.#directory.disk.encodeValue(value)
    const bytes = boundedLength(data, Math.min(minFileSize, sizeLimit + 1))
    return bytes > sizeLimit ? undefined : { mode, data, isFile: bytes >= minFileSize && canBeFile(data) }
  }

  /**
   * Plans a value like {@link plan}, with metadata as a column. With these it is in a file, however short it is: only
   * there something stands beside it.
   */
  planBeside(value: unknown, beside: Buffer | null): PlannedValue {
    const planned = this.plan(value)
    if (planned === undefined || beside === null) return planned
    if (canBeFile(planned.data)) return { ...planned, isFile: true, beside }
    throw new DiskCacheError(
      'ERR_DISKCACHE_UNSUPPORTED_VALUE',
      'Cannot keep metadata beside a value that is a number to the codec of the cache',
    )
  }

  /** Returns metadata as a column, or `null` when there are none. */
  besideFile(metadata: unknown): Buffer | null {
    const encoded = encodeMetadata(this.#directory.disk, metadata)
    return encoded === undefined ? null : metadataColumn(encoded)
  }

  /** Runs a command at once, waiting for the lock, and returns its result. */
  execute<T>(command: Command<T>): T {
    const known = command.shortcut?.()
    if (known !== undefined) return known.result
    try {
      return this.#directory.connection.mending(() => this.commit(command, this.#prepareAll(command.values)))
    } catch (error) {
      if (!this.#fullDisk.isFull(error)) throw error
      return this.#executeOnFullDisk(command)
    }
  }

  /**
   * Frees space on a full disk for a command, all that can be freed with `all`. Only what brings no new values may have
   * the reserve: that is for removals. It never throws.
   */
  makeSpace({ values }: Command<unknown>, all: boolean): void {
    if (!all || values.length === 0) return this.#context.directory.relieve(all)
    this.#fullDisk.makeSpace(
      values.reduce((sum, value) => sum + (value === undefined ? 0 : aboutLength(value.data)), 0),
    )
  }

  /**
   * Removes what the keys of a command have so far, when that was to give them new values and failed with `error`
   * because the disk is full; returns the error.
   */
  forgetOnFullDisk(command: Command<unknown>, error: unknown): unknown {
    if (command.isReplacement !== true || !this.#fullDisk.isFull(error)) return error
    const { connection, entries, files } = this.#directory
    try {
      if (!this.#mayForget) return error
      const rows = command.orderKeys
        .map((key) => entries.locate(key as EncodedKey))
        .filter((row) => row !== undefined)
      this.#context.memory?.tier.clear()
      // The files go first: a row without its file counts as missing, even if it cannot be removed.
      for (const { filename } of rows) if (filename !== null) files.remove(filename)
      const remove = () => {
        this.#context.removalNews.tell('evicted', rows)
        for (const row of rows) this.#directory.remove(row)
      }
      this.#fullDisk.remove(() => connection.transact(remove))
    } catch {
      // The error that is returned says what is wrong.
    }
    return error
  }

  /** Frees space, more and more, and tries again. */
  #executeOnFullDisk<T>(command: Command<T>): T {
    for (const all of [false, true]) {
      this.makeSpace(command, all)
      try {
        return this.commit(command, this.#prepareAll(command.values))
      } catch (error) {
        if (!this.#fullDisk.isFull(error)) throw error
        if (all) throw this.forgetOnFullDisk(command, error)
      }
    }
    throw new Error('unreachable')
  }

  /**
   * Runs a command as a transaction and returns its result. When it fails, or is undone by a transaction around it,
   * its files are removed.
   */
  commit<T>(command: Command<T>, prepared: readonly (PreparedValue | undefined)[]): T {
    const { memory } = this.#context
    if (memory === undefined) return this.#commit(command, prepared)
    const before = this.#directory.connection.commits
    const result = this.#commit(command, prepared)
    memory.wrote(command.orderKeys, before)
    return result
  }

  #commit<T>(command: Command<T>, prepared: readonly (PreparedValue | undefined)[]): T {
    const { connection } = this.#directory
    if (!prepared.some(isInFile))
      return connection.transact(() => command.apply(prepared, this.#context.now()))
    const discard = () => this.discard(prepared)
    try {
      return connection.transact(() => {
        connection.afterRollback(discard)
        const result = command.apply(prepared, this.#context.now())
        this.discard(prepared.filter((value) => value?.isKept !== true))
        return result
      })
    } catch (error) {
      discard()
      throw error
    }
  }

  /** Runs the command of a stream, whose file cannot be written again, as a transaction; in all else like {@link commit}. */
  commitStream<T>(command: Command<T>, prepared: readonly PreparedValue[]): T {
    const { connection } = this.#directory
    const apply = () => command.apply(prepared, this.#context.now())
    try {
      const result = connection.mending(() => connection.transact(apply))
      this.discard(prepared.filter(({ isKept }) => !isKept))
      return result
    } catch (error) {
      this.discard(prepared)
      throw error
    }
  }

  /** Prepares a planned value: writes its file, if it is to have one. */
  prepare(planned: PlannedValue): PreparedValue | undefined {
    if (planned === undefined) return undefined
    if (!planned.isFile) return inline(planned)
    const bytes = fileBytes(planned)
    return inFile(planned, bytes, this.#directory.files.write(bytes), this.#directory.sums.ofFile(bytes))
  }

  /** Prepares a planned value like {@link prepare}, without blocking the event loop. */
  async prepareAsync(planned: PlannedValue): Promise<PreparedValue | undefined> {
    if (planned?.isFile !== true) return this.prepare(planned)
    const bytes = fileBytes(planned)
    const filename = await this.#directory.files.writeAsync(bytes)
    return inFile(planned, bytes, filename, await this.#directory.sums.ofFileInTurns(bytes))
  }

  /** Removes the files of prepared values. */
  discard(prepared: readonly (PreparedValue | undefined)[]): void {
    for (const value of prepared) if (isInFile(value)) this.#directory.files.remove(value.filename)
  }

  /** Plans, prepares and puts a value, inside a transaction; throws `ERR_DISKCACHE_TOO_LARGE`. */
  putValue(key: EncodedKey, value: unknown, options: RowOptions, now: number): void {
    const prepared = this.prepare(this.plan(value))
    if (prepared === undefined) throw tooLargeError()
    this.#directory.connection.afterRollback(() => this.discard([prepared]))
    this.put(key, prepared, options, now)
  }

  /** Sets an entry, inside a transaction, and returns whether its value is not too large. */
  set({ key, prepared, options }: PreparedSet, now: number): boolean {
    if (prepared === undefined) return this.refuse(key)
    this.put(key, prepared, rowOptions(options, now), now)
    return true
  }

  /** Sets entries like {@link set} one after the other, many by one statement where that is the same. */
  setAll(sets: readonly PreparedSet[], now: number): boolean[] {
    const results: boolean[] = []
    for (let start = 0; start < sets.length; start += KEYS_PER_STATEMENT) {
      const batch = sets.slice(start, start + KEYS_PER_STATEMENT)
      const done = this.#plain.replace(batch, now)
      for (const [i, set] of batch.entries()) results.push(done[i] || this.set(set, now))
    }
    return results
  }

  /**
   * Removes what a key has so far, when its new value is larger than the size limit, inside a transaction: nobody must
   * get what was to be replaced. Returns `false`.
   */
  refuse(key: EncodedKey): false {
    const row = this.#mayForget ? this.#directory.entries.locate(key) : undefined
    if (row === undefined) return false
    this.#directory.remove(row)
    this.#context.noteWrite(key, 'delete')
    return false
  }

  /**
   * Puts a prepared value into a new or replaced row, inside a transaction. A value that has expired from the start
   * is not kept.
   */
  put(key: EncodedKey, prepared: PreparedValue, options: RowOptions, now: number): void {
    const { entries } = this.#directory
    if (isExpired(options.expireTime, now)) return this.#drop(entries.locate(key))
    const isFile = prepared.filename !== null
    if (isFile) this.#directory.files.assertWritten(prepared.filename, prepared.size)
    prepared.isKept = true
    const bytes = isFile ? prepared.size : aboutLength(prepared.inline)
    this.#context.noteWrite(key, 'set', bytes)
    // Nearly every write replaces an inline value by another, so that the volume stays about the same.
    const isReplaced = !isFile && entries.replaceInline(key, prepared, options, now)
    const isNew = !isReplaced && this.#insertOrReplace(key, prepared, options, now)
    const length = entryLength(key, bytes, options)
    this.#eviction.afterWrite({ key, bytes: length, isFile, isNew, expireTime: options.expireTime }, now)
  }

  /** Inserts or replaces a row and returns whether it is a new one. */
  #insertOrReplace(key: EncodedKey, prepared: PreparedValue, options: RowOptions, now: number): boolean {
    const { entries } = this.#directory
    const row = entries.locate(key)
    if (row === undefined) entries.insert(key, prepared, options, now, this.#eviction.usesOfNew(key))
    else {
      entries.replace(row.rowid, key, prepared, options, now)
      this.#directory.discardFile(row.filename)
    }
    return row === undefined
  }

  /** Whether entries may go that nobody has told to. With the policy `none` they are data, and the caller is told. */
  get #mayForget(): boolean {
    return this.#context.settingsAt(this.#context.now()).evictionPolicy !== 'none'
  }

  #drop(row: LocatedRow | undefined): void {
    if (row === undefined) return
    this.#context.removalNews.tell('expired', [row])
    this.#directory.remove(row)
  }

  #prepareAll(values: readonly PlannedValue[]): (PreparedValue | undefined)[] {
    const prepared: (PreparedValue | undefined)[] = []
    try {
      for (const planned of values) prepared.push(this.prepare(planned))
    } catch (error) {
      this.discard(prepared)
      throw error
    }
    return prepared
  }
}

function inline({ mode, data }: EncodedValue): PreparedValue {
  return { mode, inline: data, filename: null, size: 0, fileSum: null, isKept: false }
}

function inFile(
  { mode, data, beside = null }: NonNullable<PlannedValue>,
  { length }: Uint8Array,
  filename: string,
  fileSum: number | null,
): PreparedValue {
  return { mode: fileMode(mode, data), inline: beside, filename, size: length, fileSum, isKept: false }
}

function isInFile(value: PreparedValue | undefined): value is PreparedValue & { filename: string } {
  return value !== undefined && value.filename !== null
}

/** Returns the content of a file. Only strings and bytes are ever planned to be files. */
function fileBytes({ data }: EncodedValue): Buffer {
  return typeof data === 'string' ? Buffer.from(data) : (data as Buffer)
}

function canBeFile(data: Column): boolean {
  return typeof data === 'string' || Buffer.isBuffer(data)
}

/**
 * Returns the length of encoded data in bytes. A string is only measured when it may have as many as `threshold`; the
 * result for a shorter one is a lower bound.
 */
function boundedLength(data: Column, threshold: number): number {
  if (Buffer.isBuffer(data)) return data.length
  if (typeof data !== 'string') return 8
  // UTF-8 takes at most three bytes for a unit of UTF-16.
  return data.length * 3 < threshold ? data.length : Buffer.byteLength(data)
}

function fileMode(mode: EncodedValue['mode'], data: Column): Mode {
  if (mode !== Mode.raw) return mode
  return typeof data === 'string' ? Mode.text : Mode.binary
}
