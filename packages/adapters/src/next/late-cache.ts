import type { CacheOptions } from '@diskcache/cache'
import {
  type Abortable,
  type AsyncCapabilities,
  type AsyncStore,
  type Change,
  type DirectoryPath,
  DiskCacheError,
  directoryPath,
  type Entry,
  type GetOptions,
  type Key,
  tellFailure,
  type WriteOptions,
} from '@diskcache/core'
import { openStore } from '../store/open-store.ts'

/** What the handlers and their breaker use of a store. */
export type RowStore = Pick<
  AsyncStore,
  'capabilities' | 'get' | 'getMany' | 'set' | 'update' | 'delete' | 'popEntry'
>

/**
 * A cache in a directory that could not be opened: each operation tries it again, until it can be. That is not each request,
 * as the breaker lets none through while the store is away, and has probes find out when it is back.
 */
export class LateCache implements RowStore {
  /** What diagnostics call the store. */
  readonly directory: string
  readonly #options: CacheOptions
  #opened: AsyncStore | undefined
  /** Why the directory could not be opened, as the channel was told last. */
  #reason: string | undefined

  constructor(directory: DirectoryPath, options: CacheOptions | undefined, error: unknown) {
    this.directory = directoryPath(directory)
    // Opening is synchronous: while it waited for another process, the server would not answer.
    this.#options = { ...options, openTimeout: 0 }
    this.#tell(error)
    const message = `Next.js goes on without its cache, and tries to open it later: ${this.#reason}`
    process.emitWarning(message, { type: 'DiskCacheWarning', code: 'DISKCACHE_NEXT_UNOPENED' })
  }

  get capabilities(): AsyncCapabilities {
    return this.#open().capabilities
  }

  async get(key: Key, options?: GetOptions & Abortable): Promise<unknown> {
    return this.#open().get(key, options)
  }

  async getMany(keys: Iterable<Key>, options?: Abortable): Promise<unknown[]> {
    return this.#open().getMany(keys, options)
  }

  async set(key: Key, value: unknown, options?: WriteOptions & Abortable): Promise<boolean> {
    return this.#open().set(key, value, options)
  }

  async update(
    key: Key,
    change: (entry: Entry<unknown> | undefined, now: number) => Change<unknown>,
    options?: Abortable,
  ): Promise<Entry<unknown> | undefined> {
    return this.#open().update(key, change, options)
  }

  async delete(key: Key, options?: Abortable): Promise<boolean> {
    return this.#open().delete(key, options)
  }

  async popEntry(key: Key, options?: Abortable): Promise<Entry<unknown> | undefined> {
    return this.#open().popEntry(key, options)
  }

  /** @throws DiskCacheError ERR_DISKCACHE_UNAVAILABLE, whatever the reason, for the breaker to take it for one of the store */
  #open(): AsyncStore {
    try {
      this.#opened ??= openStore(this.directory, this.#options).store
      return this.#opened
    } catch (cause) {
      this.#tell(cause)
      throw new DiskCacheError('ERR_DISKCACHE_UNAVAILABLE', `Cannot use the store: ${this.#reason}`, {
        cause,
      })
    }
  }

  /** Tells the channel of a reason once. */
  #tell(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    if (reason === this.#reason) return
    this.#reason = reason
    tellFailure({ store: this.directory }, error)
  }
}
