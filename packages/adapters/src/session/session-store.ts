import type { CacheOptions } from '@diskcache/cache'
import {
  type Abortable,
  type AsyncStore,
  type Change,
  checkBoolean,
  checkNumber,
  checkPatience,
  type Entry,
  type IterateOptions,
  nameOf,
  type PatienceOptions,
  type StoreHealth,
  tellFailure,
  tooLargeError,
} from '@diskcache/core'
import { type SessionData, Store } from 'express-session'
import { openStore, type StoreSource } from '../store/open-store.ts'
import { PatientStore } from '../store/patient-store.ts'
import { callBack } from './call-back.ts'
import { DEFAULT_TTL, renewExpiry, timeToLive } from './session-life.ts'
import { checkPrefix, DEFAULT_PREFIX } from './session-prefix.ts'
import { sessionIn } from './session-row.ts'

/** The options of the sessions, and those of a `Cache` in a directory, none of these beside a store that is open. */
export interface SessionStoreOptions extends CacheOptions, PatienceOptions {
  /**
   * What the keys of the sessions begin with in the cache; `'session:'` unless given. It ends with its only colon.
   */
  prefix?: string | undefined
  /**
   * How long a session is kept whose cookie says nothing of it, since it has neither `maxAge` nor `expires`, in
   * milliseconds from its last use; a day unless given, `Infinity` for ever.
   */
  ttl?: number | undefined
  /**
   * Whether requests that change nothing in their session leave its time to live as it is, which saves a write for each;
   * `false` unless given.
   */
  disableTouch?: boolean | undefined
  /**
   * How long the store may keep one operation waiting, in milliseconds, before it fails; a second unless given, since a
   * request cannot go on without its session. `Infinity` for as long as the store itself waits.
   */
  storeTimeout?: number | undefined
}

/**
 * Sessions of express-session, and of what takes its stores, such as `@fastify/session`, for all processes that use the
 * store. A session is kept as JSON. Of two requests that change one session at the same time, the last to write wins.
 *
 * A row that is no session counts as none: `get` removes it, {@link all} passes over it, and the channel of errors is told.
 * What fails is told to the callback of the operation. Neither `'disconnect'` nor `'connect'` is emitted: while the store is
 * away, requests with a session fail with `ERR_DISKCACHE_UNAVAILABLE`, rather than being served as if nobody were logged
 * in.
 *
 * @example
 * ```ts
 * import { SessionStore } from '@diskcache/adapters/session'
 * import session from 'express-session'
 *
 * const store = new SessionStore('sessions')
 * const sessions = session({ store, secret: 'a secret', resave: false, saveUninitialized: false })
 * // → app.use(sessions)
 * await store.close()
 * ```
 */
export class SessionStore extends Store {
  readonly #store: AsyncStore
  readonly #isOwn: boolean
  readonly #patient: PatientStore
  readonly #prefix: string
  readonly #ttl: number
  readonly #disableTouch: boolean

  /**
   * Opens a `Cache` in a directory, with `options`, which {@link close} closes; or takes the store that is given.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, or something that is no store
   */
  constructor(source: StoreSource, options: SessionStoreOptions = {}) {
    super()
    const { prefix, ttl, disableTouch, storeTimeout = 1_000, ...cacheOptions } = options
    this.#prefix = checkPrefix(prefix ?? DEFAULT_PREFIX)
    this.#ttl = checkNumber('ttl', ttl ?? DEFAULT_TTL, { min: 1, infinity: true })
    this.#disableTouch = checkBoolean('disableTouch', disableTouch ?? false)
    checkPatience({ storeTimeout })
    const { store, isOwn } = openStore(source, cacheOptions)
    this.#store = store
    this.#isOwn = isOwn
    this.#patient = new PatientStore(store, { storeTimeout })
  }

  /**
   * Gives the session, or `undefined` when there is none or it has expired. `S` is its type, which other programs than
   * express-session have of their own.
   */
  get<S = SessionData>(sid: string, callback: (error: unknown, session?: S | null) => void): void {
    callBack(this.#read(sid) as Promise<S | undefined>, callback)
  }

  /**
   * Stores a session for as long as its cookie is valid, in place of what it was before. Gives
   * `ERR_DISKCACHE_TOO_LARGE` for one that is larger than the size limit of the store.
   */
  set(sid: string, session: SessionData, callback?: (error?: unknown) => void): void {
    callBack(this.#write(sid, session), callback)
  }

  /** Removes a session, for all processes. */
  destroy(sid: string, callback?: (error?: unknown) => void): void {
    callBack(this.#remove(sid), callback)
  }

  /**
   * Lets a session live for as long as its cookie is valid now, without writing it. One that is gone stays gone. With
   * `disableTouch` it does nothing.
   */
  override touch(sid: string, session: SessionData, callback?: (error?: unknown) => void): void {
    callBack(this.#renew(sid, session), callback)
  }

  /** Gives all sessions by their identifiers: all of them are in memory at once then. */
  override all(callback: (error: unknown, sessions?: Record<string, SessionData> | null) => void): void {
    callBack(this.#readAll(), callback)
  }

  /** Gives the number of sessions, for which it goes through their keys. */
  override length(callback: (error: unknown, length?: number) => void): void {
    callBack(this.#count(), callback)
  }

  /** Removes all sessions, for all processes, and nothing else that is in the store. */
  override clear(callback?: (error?: unknown) => void): void {
    callBack(this.#removeAll(), callback)
  }

  /** Returns how the store does, as far as this process has noticed. */
  health(): StoreHealth {
    return this.#patient.health()
  }

  /**
   * Closes the `Cache` that the constructor opened, after everything that was asked for is done; a store that was given
   * stays open. A second call does nothing.
   */
  async close(): Promise<void> {
    if (this.#isOwn) await this.#store.close()
  }

  async #read(sid: string): Promise<SessionData | undefined> {
    const entry = await this.#patient.read((store, options) => store.getEntry(this.#prefix + sid, options))
    if (entry === undefined) return undefined
    const session = this.#sessionIn(sid, entry.value)
    if (session === undefined) await this.#clean(sid)
    return session && renewExpiry(session, entry.expireTime)
  }

  /** Returns the session of a row; of one that is damaged `undefined`, which it tells. */
  #sessionIn(sid: string, row: unknown): SessionData | undefined {
    try {
      return sessionIn(row)
    } catch (error) {
      this.#tell(sid, error)
      return undefined
    }
  }

  /** Removes a row that is damaged still. */
  async #clean(sid: string): Promise<void> {
    const decide = (entry: Entry<unknown> | undefined): Change<never> =>
      entry !== undefined && this.#sessionIn(sid, entry.value) === undefined
        ? { delete: true }
        : { keep: true }
    try {
      await this.#patient.write((store, options) => store.update(this.#prefix + sid, decide, options))
    } catch (error) {
      this.#tell(sid, error)
    }
  }

  #tell(sid: string, error: unknown): void {
    tellFailure({ store: nameOf(this.#store), key: this.#prefix + sid }, error)
  }

  async #write(sid: string, session: SessionData): Promise<void> {
    const ttl = timeToLive(session, this.#ttl)
    const text = JSON.stringify(session)
    const isStored = await this.#patient.write((store, options) =>
      store.set(this.#prefix + sid, text, { ttl, ...options }),
    )
    if (!isStored && ttl > 0) throw tooLargeError()
  }

  async #remove(sid: string): Promise<void> {
    await this.#patient.write((store, options) => store.delete(this.#prefix + sid, options))
  }

  async #renew(sid: string, session: SessionData): Promise<void> {
    if (this.#disableTouch) return
    const ttl = timeToLive(session, this.#ttl)
    await this.#patient.write((store, options) => store.touch(this.#prefix + sid, { ttl, ...options }))
  }

  async #readAll(): Promise<Record<string, SessionData>> {
    const rows = await this.#patient.readMuch((store, options) =>
      Array.fromAsync(store.entries(this.#inOrder(options))),
    )
    const sessions = rows.map(([key, row]) => {
      const sid = (key as string).slice(this.#prefix.length)
      return [sid, this.#sessionIn(sid, row)] as const
    })
    return Object.fromEntries(sessions.filter(([, session]) => session !== undefined)) as Record<
      string,
      SessionData
    >
  }

  #count(): Promise<number> {
    return this.#patient.readMuch(async (store, options) => {
      let count = 0
      for await (const _key of store.keys(this.#inOrder(options))) count++
      return count
    })
  }

  async #removeAll(): Promise<void> {
    await this.#patient.writeMuch((store, options) => store.clear({ prefix: this.#prefix, ...options }))
  }

  /** In the order of keys the store goes straight to those with the prefix. */
  #inOrder(options: Abortable): IterateOptions & Abortable {
    const order = this.#store.capabilities.orders.includes('sorted') ? 'sorted' : undefined
    return { prefix: this.#prefix, order, ...options }
  }
}
