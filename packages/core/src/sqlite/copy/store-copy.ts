import { join } from 'node:path'
import { Disk } from '../../codec/disk.ts'
import { isSliceOver, nextSlice } from '../../waiting/slices.ts'
import { Connection } from '../connection/connection.ts'
import type { Engine } from '../connection/engine.ts'
import { HARDENING } from '../connection/hardening.ts'
import { codecNames } from '../schema/codec-name.ts'
import { inspectSchema, writeSchema } from '../schema/schema.ts'
import type { SettingRow } from '../schema/settings.ts'
import {
  type DatabaseMoment,
  type DatabasePlaces,
  openMoment,
  tryLock,
  type Unlock,
} from './database-moment.ts'
import { FileCopies } from './file-copies.ts'
import { forEachOf } from './in-turns.ts'
import { namedFiles, removeNamed } from './named-files.ts'

/** The most times that all files are looked at before a moment is held. */
const MAX_PASSES = 5

/** The bytes that are copied while a moment is held without looking once more before. */
const FEW_BYTES = 16 * 2 ** 20

/** The number of moments that are held, the last one perhaps with the lock. */
const MAX_ROUNDS = 6

/** The bytes of a database, and of the files that it counts. */
const BYTES = `
  SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)
    + COALESCE((SELECT CAST(value AS INTEGER) FROM Settings WHERE key = 'size'), 0)`

const SETTINGS = 'SELECT key, value FROM Settings'

/** Is told how much is done, of how much in all. */
export type Steps = (done: number, total: number) => void

/** A store that was copied. */
export interface StoreCopy {
  /** The entries of the copy. */
  readonly entries: number
  /** The value files of the copy. */
  readonly files: number
  /** The bytes of the copy: the database, and its value files. */
  readonly bytes: number
  /** The number of moments that were held until all files of one were there. */
  readonly rounds: number
  /** Whether the lock for writing was taken, as a last resort. */
  readonly tookLock: boolean
  /** The entries that were left out since their files were removed while they were copied. */
  readonly vanished: number
  /** The entries that were left out since they had lost their files before. */
  readonly damaged: number
}

/** Names of files that are missing from a copy. */
interface Missing {
  /** They were removed while they were copied. */
  readonly vanished: readonly string[]
  /** They had been gone before. */
  readonly damaged: readonly string[]
}

/** Looks at a copy. It may be opened for reading meanwhile, at no cost. */
export type LookAtCopy<T> = (copy: CopiedDirectory) => Promise<T>

/** A copy that is complete. */
export interface CopiedDirectory {
  /** Its directory. */
  readonly path: string
  /** The name of the codec that it was written with. */
  readonly codec: string
}

/**
 * Copies one store, while others write to it, as it is at one moment: the database, and each value file that it names.
 *
 * A file is written before the row that names it is committed, never changed, and removed after the commit that lets go
 * of it. So files are copied first, while nothing is held. Then a moment of the database is held, and what has come since
 * is copied: when all files are there, the database is copied as of this moment. When one was removed, the moment is let go
 * of, and the next round has little left to copy.
 */
export class StoreCopier {
  readonly #places: DatabasePlaces
  readonly #files: FileCopies
  readonly #steps: Steps
  readonly #target: string
  /** The bytes that were copied, of how many. */
  #done = 0
  #total = 0
  /** The names of files that were not there. Who names one of them at a later moment has lost it. */
  readonly #gone = new Set<string>()

  /** Copies from the directory `source` to `target`, which must be there. */
  constructor(
    source: string,
    target: string,
    { steps, ...how }: { engine: Engine; timeout: number; signal: AbortSignal | undefined; steps: Steps },
  ) {
    this.#target = target
    this.#places = { ...how, file: join(source, 'cache.db'), copy: join(target, 'cache.db') }
    this.#files = new FileCopies(source, target)
    this.#steps = steps
  }

  /** Makes the copy, and resolves to what it holds; to `undefined` for a database in which nothing was ever stored. */
  async copy(): Promise<StoreCopy | undefined> {
    for (let round = 1; ; round++) {
      const unlock = round === MAX_ROUNDS ? await tryLock(this.#places) : undefined
      try {
        const missing = await this.#attempt(round, unlock)
        if (missing === 'again') continue
        if (missing === 'empty') return undefined
        const copied = this.#complete(missing)
        return { ...copied, files: this.#files.names.size, rounds: round, tookLock: unlock !== undefined }
      } finally {
        unlock?.()
      }
    }
  }

  /** Lets `look` read the copy, and resolves to what it resolves to. */
  async look<T>(look: LookAtCopy<T>): Promise<T> {
    // While it is open, those that only read it join, and need no copy of their own.
    using connection = this.#openCopy()
    const [codec = Disk.codec] = codecNames(connection.query<SettingRow>(SETTINGS).all())
    return await look({ path: this.#target, codec: String(codec) })
  }

  /** Waits until the copy is on the disk; `steps` are the files. */
  sync(steps: Steps): Promise<void> {
    return this.#files.sync(this.#places.signal, steps)
  }

  /**
   * Copies what one moment has, and resolves to the files that are missing from it; to `again` when some of these were
   * removed just now, so that another round may get all.
   */
  async #attempt(round: number, unlock: Unlock | undefined): Promise<Missing | 'again' | 'empty'> {
    const moment = await openMoment(this.#places)
    try {
      if (moment.isEmpty) return 'empty'
      this.#total = moment.connection.numberQuery(BYTES).get() ?? 0
      if (round === 1 && moment.isShared) await this.#copyUnheld(moment)
      // Who names one of these from now on had lost it before.
      const gone = new Set(this.#gone)
      await moment.hold()
      const { names, missing } = await this.#copyMissing(moment)
      const vanished = missing.filter((name) => !gone.has(name))
      if (vanished.length > 0 && round < MAX_ROUNDS) return 'again'
      // All files of the moment are there, and it stays as it is.
      unlock?.()
      await moment.write((bytes) => this.#note(bytes))
      const unnamed = [...this.#files.names].filter((name) => !names.has(name))
      await this.#files.remove(unnamed, this.#places.signal)
      return { vanished, damaged: missing.filter((name) => gone.has(name)) }
    } finally {
      moment.end()
    }
  }

  /** Copies files while nothing is held, again as long as that leaves much less to copy. */
  async #copyUnheld(moment: DatabaseMoment): Promise<void> {
    let before = Number.POSITIVE_INFINITY
    for (let pass = 1; pass <= MAX_PASSES; pass++) {
      const { bytes } = await this.#copyMissing(moment)
      if (bytes <= FEW_BYTES || bytes > before / 2) return
      before = bytes
    }
  }

  /** Copies the files that are not there yet; resolves to the names of all, and to those that were not to be had. */
  async #copyMissing({ connection }: DatabaseMoment) {
    const names = new Set<string>()
    const missing: string[] = []
    let bytes = 0
    await forEachOf(this.#newNames(connection, names), this.#places.signal, async (filename) => {
      const size = await this.#files.add(filename)
      if (size === undefined) {
        missing.push(filename)
        this.#gone.add(filename)
        return
      }
      bytes += size
      this.#note(size)
    })
    return { names, missing, bytes }
  }

  /** Notes that so many bytes more were copied. */
  #note(bytes: number): void {
    this.#done += bytes
    this.#steps(Math.min(this.#done, this.#total), this.#total)
  }

  /** Iterates over the names of files that are not there yet, and adds all to `names`. */
  async *#newNames(connection: Connection, names: Set<string>): AsyncGenerator<string, void, undefined> {
    for (const page of namedFiles(connection)) {
      for (const name of page) {
        if (names.has(name)) continue
        names.add(name)
        if (!this.#files.names.has(name)) yield name
      }
      if (isSliceOver()) await nextSlice()
    }
  }

  /** Makes the copy what a store is, without the entries whose files are missing, and returns what it holds. */
  #complete({ vanished, damaged }: Missing): Pick<StoreCopy, 'entries' | 'bytes' | 'vanished' | 'damaged'> {
    using connection = this.#openCopy()
    const removeAll = (filenames: readonly string[]) => {
      if (filenames.length === 0) return 0
      // The triggers of Python's tables cannot run here.
      if (inspectSchema(connection) === 'older') writeSchema(connection, Disk.codec)
      return removeNamed(connection, filenames)
    }
    return connection.transact(() => ({
      vanished: removeAll(vanished),
      damaged: removeAll(damaged),
      entries: connection.numberQuery('SELECT COUNT(*) FROM Cache').get() ?? 0,
      bytes: connection.numberQuery(BYTES).get() ?? 0,
    }))
  }

  /** Opens the copy for writing, with a log, as every store has one. */
  #openCopy(): Connection {
    const { engine, copy, timeout } = this.#places
    const connection = new Connection(copy, { engine, timeout, readonly: false })
    connection.execute(`${HARDENING}; PRAGMA journal_mode = WAL`)
    return connection
  }
}
