import {
  checkRow,
  guarded,
  type Hold,
  hasCode,
  type Key,
  type RecipeStore,
  refuseInTransaction,
  type WaitOptions,
} from '@diskcache/core'

/** What a `SharedResult` needs of a lock. */
interface Guard {
  run<T>(body: (hold: Hold) => T | Promise<T>, wait?: WaitOptions): Promise<T>
}

/** The time in milliseconds for which a result is kept for those who wait. */
const RESULT_MS = 60_000

/** A result, and the token of the hold under which it was computed, which tells runs apart. */
interface ResultRow<V> {
  readonly value: V
  readonly token: number
}

/** The result of a function under a lock, for those who wait for the lock while it runs. */
export class SharedResult<V> {
  readonly #store: RecipeStore
  readonly #key: Key

  constructor(store: RecipeStore, key: Key) {
    this.#store = store
    this.#key = key
  }

  /** Runs `body` under the lock, unless a run has come to its end since the call: then its result is taken. */
  async run(guard: Guard, body: () => Promise<V>, wait: WaitOptions): Promise<V> {
    refuseInTransaction(this.#store)
    const before = await this.#read(wait)
    return guard.run(async (hold) => {
      const row = await this.#read(wait)
      if (row !== undefined && row.token > (before?.token ?? 0)) return row.value
      const value = await body()
      // A run that lost its lock fails, and so has nothing to share.
      hold.check()
      await this.#write({ value, token: hold.token })
      return value
    }, wait)
  }

  async #read({ signal }: WaitOptions): Promise<ResultRow<V> | undefined> {
    const row = await guarded(this.#store).get(this.#key, { signal, fresh: true })
    return row === undefined ? undefined : checkRow<ResultRow<V>>(this.#key, row, ['token'])
  }

  /** Writes the row unless one of a later hold is there: a process may be stopped between its last look and this. */
  async #write(row: ResultRow<V>): Promise<void> {
    const key = this.#key
    try {
      await guarded(this.#store).update(key, (entry) => {
        const isLate =
          entry !== undefined && checkRow<ResultRow<V>>(key, entry.value, ['token']).token > row.token
        return isLate ? { keep: true } : { set: row, ttl: RESULT_MS }
      })
    } catch (error) {
      const isRefused =
        hasCode(error, 'ERR_DISKCACHE_UNSUPPORTED_VALUE') || hasCode(error, 'ERR_DISKCACHE_TOO_LARGE')
      if (!isRefused) throw error
    }
  }
}
