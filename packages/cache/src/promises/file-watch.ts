import { realTimers, type StoreFiles } from '@diskcache/core'
import type { Connection } from '@diskcache/core/sqlite'

/** The interval between two looks at the files while somebody listens, in milliseconds. */
const LOOK_MS = 1_000

/** Tells recipes when the files of a cache are no longer those that were opened. Its timer keeps no process alive. */
export class FileWatch implements StoreFiles {
  readonly #connection: Connection
  #listeners = 0
  #timer: NodeJS.Timeout | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  look(): void {
    this.#connection.lookNow()
  }

  onReplaced(_key: unknown, listener: () => void): () => void {
    const stop = this.#connection.onReplaced(listener)
    if (this.#listeners++ === 0) this.#timer = realTimers.setInterval(() => this.look(), LOOK_MS).unref()
    return () => {
      stop()
      if (--this.#listeners === 0) realTimers.clearInterval(this.#timer)
    }
  }
}
