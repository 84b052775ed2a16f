import { statSync } from 'node:fs'
import { join } from 'node:path'

/** Notes the largest size of a write-ahead log, in bytes. */
export class LogWatch implements Disposable {
  readonly #file: string
  readonly #timer: NodeJS.Timeout
  largest = 0

  constructor(directory: string) {
    this.#file = join(directory, 'cache.db-wal')
    this.#timer = setInterval(() => this.#look(), 100)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  /** Only ever `stat`: closing a descriptor of this file would drop the locks that SQLite has on it in this process. */
  #look(): void {
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0
    this.largest = Math.max(this.largest, size)
  }
}
