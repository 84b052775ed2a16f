import { dirname } from 'node:path'
import { DiskCacheError } from '../../contract/errors.ts'
import { FileIdentity } from '../system/file-identity.ts'
import { type OpenConnection, type OpenNote, registerOpen } from '../system/open-registry.ts'
import { refuseLargeSchema } from '../system/schema-size.ts'
import { isDamage } from './damage-error.ts'
import type { Engine, SqliteDatabase } from './engine.ts'
import { engineError } from './engine-error.ts'
import type { Patience } from './lock-wait.ts'

/** The name of a database that has no file. */
const IN_MEMORY = ':memory:'

/** The number of attempts to open the file that was looked at. */
const MAX_ATTEMPTS = 3

/** What a connection is opened with. */
export interface ConnectionOptions {
  /** The copy of better-sqlite3 to use. */
  readonly engine: Engine
  /** The longest time to wait for a lock of another process, in milliseconds. */
  timeout: number
  /** Whether the database is only read. */
  readonly: boolean
  /**
   * Whether no other process may use the database meanwhile; `false` unless given. Then SQLite needs no file for the
   * index of the log, but has to open the database for writing, also to read.
   */
  readonly isAlone?: boolean
}

/** What a link does where only its owner knows how. */
export interface LinkHooks {
  /** Makes the file where it is missing, before the handle is opened. */
  beforeOpen(): void
  /** Prepares the database for use, after the handle was opened. */
  afterOpen(): void
  /**
   * Mends a database that failed with `error`, as far as it can, and returns whether to try again. With `isDeferring`,
   * it leaves what takes longer than an instant to `mendDeferred`, and returns `false`.
   */
  mend(error: unknown, isDeferring: boolean): boolean
  /** Returns whether something was left. */
  isMendDeferred(): boolean
  /** Mends what was left, and resolves to whether to try again. */
  mendDeferred(): Promise<boolean>
  /** Makes the database anew because of `error`, and returns whether that was allowed. */
  reset(error: unknown): boolean
  /** Is called when what failed works again. */
  succeeded(): void
}

/**
 * - `open`: there is a handle.
 * - `detached`: the handle was let go, and the next use opens another.
 * - `closed`: for good.
 */
type LinkState = 'open' | 'detached' | 'closed'

/**
 * The handle of a connection on its database, which can be let go and opened anew beneath its statements. What uses a
 * handle that was let go fails, and asks {@link renew} before it tries again; nothing else has to look at the state.
 */
export class DatabaseLink {
  readonly patience: Patience
  readonly #file: string
  readonly #options: ConnectionOptions
  readonly #identity: FileIdentity
  #hooks: LinkHooks | undefined
  #state: LinkState = 'detached'
  #isRenewing = false
  #isDeferring = false
  #handle: SqliteDatabase
  #note: OpenNote | undefined

  /** Opens the database `file`, which must exist. */
  constructor(file: string, options: ConnectionOptions) {
    this.#file = file
    this.#options = options
    const { timeout, readonly } = options
    const isInVain = () => this.#note?.isUsedByAnother() ?? false
    this.patience = { timeout, store: dirname(file), readonly, isInVain }
    this.#identity = new FileIdentity(file)
    this.#handle = this.#open()
  }

  /** The handle that was opened last. */
  get handle(): SqliteDatabase {
    return this.#handle
  }

  /** Runs the hooks on the handle that is open, and from now on whenever another is opened. */
  setUp(hooks: LinkHooks): void {
    this.#hooks = hooks
    this.#prepare()
  }

  /**
   * Opens another handle where this one was let go, and returns whether a statement of `used` is out of date and has
   * to be prepared again.
   */
  renew(used: SqliteDatabase | undefined): boolean {
    if (this.#state === 'detached') this.#prepare()
    return used !== this.#handle
  }

  /** Mends the database after an error that may come from damage, and returns whether to try again. */
  mend(error: unknown): boolean {
    if (this.#isRenewing || this.#state === 'closed' || !isDamage(error)) return false
    if (!this.#hooks?.mend(error, this.#isDeferring)) return false
    this.letGo()
    return true
  }

  /** Runs `body`; what cannot be mended in an instant is left to {@link mendDeferred}. */
  deferringRepairs<T>(body: () => T): T {
    const before = this.#isDeferring
    this.#isDeferring = true
    try {
      return body()
    } finally {
      this.#isDeferring = before
    }
  }

  /** Whether something waits for {@link mendDeferred}. */
  get isMendDeferred(): boolean {
    return this.#hooks?.isMendDeferred() ?? false
  }

  /** Mends what was left, and resolves to whether to try again. */
  async mendDeferred(): Promise<boolean> {
    if (!(await this.#hooks?.mendDeferred())) return false
    this.letGo()
    return true
  }

  /** Makes the database anew because of `error`, and returns whether that was allowed. */
  reset(error: unknown): boolean {
    if (!this.#hooks?.reset(error)) return false
    this.letGo()
    return true
  }

  /** Notes that what failed works again. */
  succeeded(): void {
    this.#hooks?.succeeded()
  }

  /** Whether there is a handle now. */
  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Lets go of the handle when other files, or none, stand in the place of its own, and returns whether that is so. */
  letGoOfReplaced(): boolean {
    // What is only read follows its files by itself.
    if (this.#options.readonly) return false
    const change = this.#identity.change()
    if (change === 'none') return false
    if (change === 'log') this.#writeLogBack()
    // SQLite shares one log and its index among all handles of a process on the same database.
    if (change !== 'database') this.#note?.letGoOfAll()
    this.letGo()
    return true
  }

  /** Closes the handle; the next use opens another. */
  letGo(): void {
    if (this.#state !== 'open') return
    this.#state = 'detached'
    this.#closeHandle()
  }

  /** Closes the handle for good. */
  close(): void {
    if (this.#state === 'open') this.#closeHandle()
    this.#state = 'closed'
  }

  /** Saves what is in a log that has no name any more. */
  #writeLogBack(): void {
    try {
      this.#handle.exec('PRAGMA wal_checkpoint(PASSIVE)')
    } catch {
      // It is lost, then.
    }
  }

  #closeHandle(): void {
    this.#handle.close()
    this.#note?.remove()
    this.#note = undefined
  }

  #open(): SqliteDatabase {
    const { engine, readonly, isAlone = false } = this.#options
    if (this.#file === IN_MEMORY) {
      this.#state = 'open'
      return new engine.Database(IN_MEMORY, { timeout: 0, readonly, fileMustExist: false })
    }
    const note = registerOpen(this.#file, engine, this.#asOthersSeeIt())
    try {
      if (note.isFirst) refuseLargeSchema(this.#file)
      const handle = this.#openFile({ timeout: 0, readonly: readonly && !isAlone, fileMustExist: true })
      if (isAlone) handle.exec('PRAGMA locking_mode = EXCLUSIVE')
      this.#note = note
      this.#state = 'open'
      return handle
    } catch (error) {
      note.remove()
      throw engineError(error, this.patience)
    }
  }

  /** Opens the file that was looked at, and no other: whoever may change the directory may exchange it in between. */
  #openFile(options: { timeout: number; readonly: boolean; fileMustExist: boolean }): SqliteDatabase {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      this.#identity.note()
      const handle = new this.#options.engine.Database(this.#file, options)
      if (!this.#identity.wasExchanged()) return handle
      handle.close()
    }
    const message = `Cannot open ${this.#file}: somebody puts other files in its place all the time`
    throw new DiskCacheError('ERR_DISKCACHE_IO', message, { path: this.#file })
  }

  #asOthersSeeIt(): OpenConnection {
    const { readonly: isReader } = this.#options
    const inTransaction = () => this.#state === 'open' && this.#handle.inTransaction
    return {
      letGo: () => {
        if (!inTransaction()) this.letGo()
      },
      // What only reads never has the lock that others of this thread wait for.
      get inTransaction() {
        return inTransaction() && !isReader
      },
    }
  }

  /** Opens a handle, unless one is open, and runs the hooks; again for as long as damage can be mended. */
  #prepare(): void {
    if (this.#isRenewing) return
    this.#isRenewing = true
    try {
      while (!this.#tryPrepare());
    } finally {
      this.#isRenewing = false
    }
  }

  #tryPrepare(): boolean {
    try {
      if (this.#state === 'detached') {
        this.#hooks?.beforeOpen()
        this.#handle = this.#open()
      }
      this.#hooks?.afterOpen()
      this.#identity.noteMade()
      return true
    } catch (error) {
      this.letGo()
      if (isDamage(error) && this.#hooks?.mend(error, this.#isDeferring)) return false
      throw error
    }
  }
}
