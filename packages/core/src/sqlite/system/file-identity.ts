import { regularStatus, statusAt } from './regular-file.ts'

/**
 * What has become of the files of an open database: nothing, or the log, its index (`-shm`) or the database itself is
 * another file, or none.
 */
export type FileChange = 'none' | 'log' | 'index' | 'database'

/**
 * Remembers which files SQLite has opened, and tells when others, or none, stand in their place. SQLite itself goes
 * on in a file that was removed, and nobody else sees what it writes there. They are only looked at: a descriptor of
 * them that is closed would drop the locks of this process.
 */
export class FileIdentity {
  readonly #file: string
  #database: string | undefined
  #log: string | undefined
  #index: string | undefined

  /** Takes the path of the database. */
  constructor(file: string) {
    this.#file = file
  }

  /**
   * Remembers the files that are there now, as those that are open. To be called before they are opened: others may be
   * put in their place at any time afterwards, and would be taken for them.
   *
   * @throws DiskCacheError ERR_DISKCACHE_FORMAT when a link stands in the place of the database, or no file
   */
  note(): void {
    regularStatus(this.#file)
    this.#database = identityOf(this.#file)
    this.#log = identityOf(`${this.#file}-wal`)
    this.#index = identityOf(`${this.#file}-shm`)
  }

  /**
   * Returns whether another file was put in the place of the database since {@link note}: then nobody knows which one
   * was opened. One that is gone does no harm.
   */
  wasExchanged(): boolean {
    const now = identityOf(this.#file)
    return now !== undefined && now !== this.#database
  }

  /** Remembers the files that opening has made, beside what {@link note} has found. */
  noteMade(): void {
    this.#log ??= identityOf(`${this.#file}-wal`)
    this.#index ??= identityOf(`${this.#file}-shm`)
  }

  /**
   * Returns what has changed since {@link note}. A log that was not there then is taken for the one that is open, and
   * files that cannot be looked at for those that are.
   */
  change(): FileChange {
    try {
      return this.#change()
    } catch {
      // What uses the files will meet the error, if it lasts, and can tell somebody.
      return 'none'
    }
  }

  #change(): FileChange {
    if (identityOf(this.#file) !== this.#database) return 'database'
    this.noteMade()
    if (identityOf(`${this.#file}-shm`) !== this.#index) return 'index'
    return identityOf(`${this.#file}-wal`) === this.#log ? 'none' : 'log'
  }
}

function identityOf(file: string): string | undefined {
  const status = statusAt(file)
  // A link may have been given the number of the file that it stands for.
  return status && `${status.dev}:${status.ino}${status.isFile() ? '' : ' (no file)'}`
}
