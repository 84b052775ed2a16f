import {
  argumentParts,
  checkFunction,
  checkMemoizeOptions,
  checkResultOptions,
  DiskCacheError,
  describeError,
  errorChannel,
  failureTtl,
  identityOf,
  isFailure,
  type Key,
  type Memoized,
  MemoizedNames,
  type MemoizeOptions,
  type ResultOptions,
  resultTtl,
  reviveError,
  type Store,
  type WriteOptions,
} from '@diskcache/core'

/** The members of `Store` that memoizing needs. */
export type MemoizeStore = Pick<Store, 'directory' | 'getEntry' | 'has' | 'set' | 'delete'>

const CLOSED: ReadonlySet<string> = new Set(['ERR_DISKCACHE_CLOSED'])
/** A failure of the function is more than one of the store. */
const NONE: ReadonlySet<string> = new Set()
const MISUSE: ReadonlySet<string> = new Set([...CLOSED, 'ERR_DISKCACHE_REENTRANT'])

/** Makes functions that keep their results in one store, told apart by their names. */
export class Memoizer {
  readonly #store: MemoizeStore
  readonly #markers: MemoizeStore
  readonly #names = new MemoizedNames()
  readonly #results = new Map<string, Results>()

  /**
   * Makes functions that keep their results in `store`, and what is known of all results of one in `markers`, where
   * that has the same keys but adds no tags: `evict` must not part the two.
   */
  constructor(store: MemoizeStore, markers = store) {
    this.#store = store
    this.#markers = markers
  }

  /**
   * Returns a function that keeps its results in the store, under the name of the options, as `Store.memoize` does.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, and for a name that another function of this
   * store has
   */
  memoize<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    options: MemoizeOptions<A, R>,
  ): Memoized<A, R> {
    checkFunction('fn', fn)
    checkMemoizeOptions(options)
    checkResultOptions(options)
    this.#names.take(fn, options)
    const results = this.#results.get(options.name) ?? new Results(this.#store, this.#markers, options.name)
    this.#results.set(options.name, results)
    return memoized(this.#store, fn, options, results)
  }
}

function memoized<A extends readonly unknown[], R>(
  store: MemoizeStore,
  original: (...args: A) => R,
  options: MemoizeOptions<A, R>,
  results: Results,
): Memoized<A, R> {
  const { name } = options
  const keyOf = (kind: string, args: A): Key => ['diskcache', kind, name, ...argumentParts(args, options)]
  const cacheKey = (...args: A): Key => keyOf('memoize', args)
  const failureKey = (args: A): Key => keyOf('memoized failure', args)
  function call(this: unknown, ...args: A): R {
    const failure = options.failureTtl === undefined ? undefined : failureKey(args)
    const place = { key: cacheKey(...args), failureKey: failure, options }
    return results.get(place, () => Reflect.apply(original, this, args)) as R
  }
  const forget = (...args: A): boolean => {
    const key = cacheKey(...args)
    results.forget(key)
    const hadFailure = store.delete(failureKey(args))
    return store.delete(key) || hadFailure
  }
  return Object.assign(call, { cacheKey, forget, original })
}

/** Where the result of one call is kept, and on what terms. */
interface Place {
  readonly key: Key
  /**
   * Where a failure is kept, if one is. A place of its own, since there is no value that a function could not return, and
   * so that no failure replaces a result.
   */
  readonly failureKey: Key | undefined
  readonly options: ResultOptions<never> & Pick<WriteOptions, 'tag'>
}

/** The results of one function, also when it was memoized several times. */
class Results {
  readonly #store: MemoizeStore
  readonly #markers: MemoizeStore
  /** The key of an entry whose presence says that the function returns promises, so that a hit must be one, too. */
  readonly #markerKey: Key
  readonly #pending = new Map<string, Promise<unknown>>()
  #returnsPromises: boolean | undefined

  constructor(store: MemoizeStore, markers: MemoizeStore, name: string) {
    this.#store = store
    this.#markers = markers
    this.#markerKey = ['diskcache', 'memoizes promises', name]
  }

  get(place: Place, compute: () => unknown): unknown {
    const pending = this.#pendingFor(place.key)
    if (pending !== undefined) return pending
    const entry = this.#ifItWorks(() => this.#store.getEntry(place.key))
    if (entry !== undefined) return this.#isAsync() ? Promise.resolve(entry.value) : entry.value
    const failure = this.#keptFailure(place)
    if (failure !== undefined) {
      if (this.#isAsync()) return Promise.reject(failure)
      throw failure
    }
    const result = this.#compute(place, compute)
    if (!isThenable(result)) {
      this.#keepResult(place, result)
      return result
    }
    this.#returnsPromises = true
    return this.#share(place, Promise.resolve(result))
  }

  forget(key: Key): void {
    if (this.#pending.size > 0) this.#pending.delete(identityOf(key))
  }

  #pendingFor(key: Key): Promise<unknown> | undefined {
    return this.#pending.size === 0 ? undefined : this.#pending.get(identityOf(key))
  }

  #keptFailure({ failureKey }: Place): Error | undefined {
    if (failureKey === undefined) return undefined
    const failure = this.#ifItWorks(() => this.#store.getEntry(failureKey))?.value
    return isFailure(failure) ? reviveError(failure) : undefined
  }

  #compute(place: Place, compute: () => unknown): unknown {
    try {
      return compute()
    } catch (error) {
      this.#keepFailure(place, error)
      throw error
    }
  }

  /**
   * Shares a promise among the calls that come while it is pending, and keeps what becomes of it unless that was
   * forgotten meanwhile.
   */
  #share(place: Place, result: Promise<unknown>): Promise<unknown> {
    const identity = identityOf(place.key)
    const isWanted = () => this.#pending.get(identity) === shared
    const shared = result.then(
      (value) => {
        if (isWanted()) this.#keepResult(place, value)
        return value
      },
      (error) => {
        if (isWanted()) this.#keepFailure(place, error)
        throw error
      },
    )
    const settle = () => {
      if (isWanted()) this.#pending.delete(identity)
    }
    this.#pending.set(identity, shared)
    shared.then(settle, settle)
    return shared
  }

  /** Keeps a result, and ends an older failure, which would come back when the result has expired. */
  #keepResult({ key, failureKey, options }: Place, value: unknown): void {
    const kept = resultTtl(options, value, this.#tell)
    if (kept === undefined) return
    this.#keep(key, value, { ttl: kept.ttl, tag: options.tag })
    if (failureKey !== undefined) this.#ifItWorks(() => this.#store.delete(failureKey), CLOSED)
  }

  #keepFailure({ failureKey, options }: Place, error: unknown): void {
    const ttl = failureTtl(options, error, this.#tell)
    if (failureKey === undefined || ttl === undefined) return
    this.#keep(failureKey, describeError(error), { ttl, tag: options.tag }, NONE)
  }

  #isAsync(): boolean {
    this.#returnsPromises ??= this.#ifItWorks(() => this.#markers.has(this.#markerKey))
    return this.#returnsPromises === true
  }

  /**
   * Stores a value, if that works. Where another store of this process is inside `transact` it does not: a result that
   * is there is given all the same.
   */
  #keep(key: Key, value: unknown, options: WriteOptions, misuse = CLOSED): void {
    this.#ifItWorks(() => {
      this.#mark()
      this.#store.set(key, value, options)
    }, misuse)
  }

  /** Sees to the marker each time, as `clear` takes it away, too. */
  #mark(): void {
    if (this.#returnsPromises !== true || this.#markers.has(this.#markerKey)) return
    this.#markers.set(this.#markerKey, null, { ttl: Infinity, pin: true })
  }

  /**
   * The store is there to help: where it fails, or cannot keep a value, the function is called all the same, and the
   * failure goes to the channel. A store that is closed, or used where it may not be, is misuse.
   */
  #ifItWorks<T>(operation: () => T, misuse: ReadonlySet<string> = MISUSE): T | undefined {
    try {
      return operation()
    } catch (error) {
      if (!(error instanceof DiskCacheError) || misuse.has(error.code)) throw error
      this.#tell(error)
      return undefined
    }
  }

  readonly #tell = (error: unknown): void => {
    errorChannel.publish({ store: this.#store.directory, reason: 'failed', error })
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
