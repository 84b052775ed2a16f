import type { Writable } from 'node:stream'
import type { CacheOptions } from '@diskcache/cache'
import {
  type AsyncStore,
  checkNumber,
  checkString,
  MAX_TIMER_MS,
  nameOf,
  type PatienceOptions,
  quote,
  type StoreHealth,
  tellFailure,
} from '@diskcache/core'
import { openStore, type StoreSource } from '../store/open-store.ts'
import { PatientStore } from '../store/patient-store.ts'
import { BodyRows } from './body-rows.ts'
import { PendingChanges } from './pending-changes.ts'
import {
  findResponse,
  lifetimeOf,
  responsesIn,
  type StoredResponse,
  storedResponse,
  withResponse,
} from './response-row.ts'
import { ResponseWriter } from './response-writer.ts'
import type { CacheKey, CacheStore, CacheValue, GetResult } from './undici-types.ts'

/** The largest body that is stored unless the options say otherwise, in bytes. */
const MAX_ENTRY_SIZE = 64 * 1024 ** 2

/** How long a request waits for what this process is doing to its URL, in milliseconds, unless `storeTimeout` says. */
const CHANGE_MS = 250

/** How long a body waits for the store before it is not stored, in milliseconds, unless `storeTimeout` says. */
const STALL_MS = 1_000

/** How responses are stored, and for a directory the options of the `Cache` in it. */
export type UndiciCacheStoreOptions = CacheOptions &
  PatienceOptions & {
    /**
     * Tells apart several caches in one store, such as one of `type: 'private'` for each user: letters, digits, `_`, `.`
     * and `-`; by default there is one, without a name.
     */
    name?: string | undefined
    /**
     * The size of the largest body that is stored, in bytes: 64 MiB unless given. The size limit of the store holds
     * beside it, and 4 MiB in a store without streams.
     */
    maxEntrySize?: number | undefined
  }

/**
 * Keeps the responses of undici's cache interceptor in a directory or a store, for all processes that use it. When the
 * store fails, requests go to their servers, and the channel `diskcache:error` is told.
 *
 * @example
 * ```ts
 * import { UndiciCacheStore } from '@diskcache/adapters/undici'
 * import { Agent, interceptors, setGlobalDispatcher } from 'undici'
 *
 * const store = new UndiciCacheStore('cache-directory', { sizeLimit: 500 * 1024 ** 2 })
 * setGlobalDispatcher(new Agent().compose(interceptors.cache({ store })))
 * // … fetch(url), and at the end:
 * await store.close()
 * ```
 */
export class UndiciCacheStore implements CacheStore, AsyncDisposable {
  readonly #store: AsyncStore
  readonly #isOwn: boolean
  readonly #patient: PatientStore
  readonly #bodies: BodyRows
  readonly #prefix: string
  readonly #maxEntrySize: number
  readonly #changeLimit: number
  readonly #stallLimit: number
  readonly #pending = new PendingChanges()
  readonly #writers = new Map<string, Set<ResponseWriter>>()
  /** Removals that were asked for in this turn: undici asks for one for each method. */
  readonly #removals = new Map<string, Promise<void>>()
  #isClosed = false

  /**
   * Opens a `Cache` in a directory, with `options`, which {@link close} closes; or takes the store that is given.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, or something that is no store
   */
  constructor(source: StoreSource, options: UndiciCacheStoreOptions = {}) {
    const { name = '', maxEntrySize = MAX_ENTRY_SIZE, storeTimeout, ...cacheOptions } = options
    checkPlainName(name)
    this.#maxEntrySize = checkNumber('maxEntrySize', maxEntrySize, { min: 0, integer: true, infinity: true })
    const { store, isOwn } = openStore(source, cacheOptions)
    this.#store = store
    this.#isOwn = isOwn
    this.#patient = new PatientStore(store, { storeTimeout })
    this.#changeLimit = Math.min(storeTimeout ?? CHANGE_MS, MAX_TIMER_MS)
    this.#stallLimit = Math.min(storeTimeout ?? STALL_MS, MAX_TIMER_MS)
    this.#prefix = `undici:${name}:url:`
    this.#bodies = new BodyRows(store, this.#patient, `undici:${name}:body:`)
  }

  /**
   * Returns the newest response for a request that is still of use; `undefined` when there is none, when the store fails,
   * and when its body is lost.
   */
  async get(key: CacheKey): Promise<GetResult | undefined> {
    const url = this.#urlKey(key)
    if (this.#isClosed || url === undefined) return undefined
    try {
      await this.#pending.settled(url, this.#changeLimit)
      const row = await this.#patient.read((store, options) => store.get(url, options))
      const response = findResponse(responsesIn(row), key, Date.now())
      return response && (await this.#withBody(response))
    } catch (error) {
      this.#tell(error)
      return undefined
    }
  }

  /**
   * Returns a stream that takes the body of a response, which can be found once it has ended; `undefined` for one that is
   * not stored. The stream never fails: what cannot be stored is dropped, and nothing is left of it.
   */
  createWriteStream(key: CacheKey, value: CacheValue): Writable | undefined {
    const url = this.#urlKey(key)
    const { deleteAt } = value
    if (this.#isClosed || url === undefined || deleteAt <= Date.now()) return undefined
    const writer = new ResponseWriter({
      ...{ bodies: this.#bodies, maxSize: this.#maxEntrySize, stallLimit: this.#stallLimit },
      ...{ deleteAt, tell: this.#tell },
      publish: (body) => this.#publish(url, key, storedResponse(key, value, body)),
      onEnd: () => this.#pending.add(url, closing),
    })
    const closing = this.#note(url, writer)
    return writer
  }

  /** Removes all responses of a URL, for all processes, also those that this process is storing. Does not reject. */
  async delete(key: CacheKey): Promise<void> {
    const url = this.#urlKey(key)
    if (this.#isClosed || url === undefined) return
    for (const writer of this.#writers.get(url) ?? []) writer.destroy()
    const removal = this.#removals.get(url) ?? this.#remove(url).catch(this.#tell)
    this.#removals.set(url, removal)
    this.#pending.add(url, removal)
    await removal
  }

  /** Returns how the store does, as far as this process has noticed. */
  health(): StoreHealth {
    return this.#patient.health()
  }

  /**
   * Gives up what is being received, waits for what is being stored, and closes the `Cache` that the constructor opened; a
   * store that was given stays open. Requests go past the store from now on. A second call does nothing.
   */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const writers of this.#writers.values())
      for (const writer of writers) if (!writer.writableEnded) writer.destroy()
    await this.#pending.allSettled()
    if (this.#isOwn) await this.#store.close()
  }

  /** Does what {@link close} does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #withBody(response: StoredResponse): Promise<GetResult | undefined> {
    const { size, bodyId, body: inline, method: _, ...head } = response
    const body = bodyId === undefined ? inline : await this.#bodies.read(bodyId, size)
    if (body === undefined) return undefined
    const parts = body instanceof Uint8Array ? [Buffer.from(body.buffer, body.byteOffset, size)] : body
    return { cacheControlDirectives: {}, ...head, body: size === 0 ? [] : parts }
  }

  async #publish(url: string, key: CacheKey, response: StoredResponse): Promise<void> {
    let dropped: readonly StoredResponse[] = []
    const change = (row: unknown) => {
      const now = Date.now()
      const changed = withResponse(responsesIn(row), key, response, now)
      dropped = changed.dropped
      return { set: changed.row, ttl: lifetimeOf(changed.row, now) }
    }
    try {
      await this.#patient.write((store, options) =>
        store.update(url, (entry) => change(entry?.value), options),
      )
    } catch (error) {
      dropped = [response]
      throw error
    } finally {
      await this.#discard(dropped)
    }
  }

  async #remove(url: string): Promise<void> {
    const earlier = this.#pending.settled(url)
    queueMicrotask(() => this.#removals.delete(url))
    await earlier
    const row = await this.#patient.write((store, options) => store.pop(url, options))
    await this.#discard(responsesIn(row))
  }

  async #discard(responses: readonly StoredResponse[]): Promise<void> {
    const ids = responses.flatMap(({ bodyId }) => bodyId ?? [])
    await this.#bodies.discard(ids).catch(this.#tell)
  }

  /** Remembers who stores a response of a URL, and resolves when it does no longer. */
  async #note(url: string, writer: ResponseWriter): Promise<void> {
    const writers = this.#writers.get(url) ?? new Set()
    this.#writers.set(url, writers.add(writer))
    const { promise, resolve } = Promise.withResolvers<void>()
    writer.once('close', resolve)
    await promise
    writers.delete(writer)
    if (writers.size === 0) this.#writers.delete(url)
  }

  /** Returns the key of a URL's row; `undefined` for one that has no UTF-8 form, by which stores keep strings. */
  #urlKey({ origin, path }: CacheKey): string | undefined {
    const key = `${this.#prefix}${origin} ${path}`
    return key.isWellFormed() ? key : undefined
  }

  readonly #tell = (error: unknown): void => tellFailure({ store: nameOf(this.#store) }, error)
}

function checkPlainName(name: unknown): void {
  if (!/^[\w.-]*$/.test(checkString('name', name)))
    throw new RangeError(`Cannot use name: expected letters, digits, '_', '.' and '-', got ${quote(name)}`)
}
