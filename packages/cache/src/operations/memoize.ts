import {
  argumentParts,
  checkFunction,
  checkMemoizeOptions,
  DiskCacheError,
  errorChannel,
  identityOf,
  type Key,
  type Memoized,
  MemoizedNames,
  type MemoizeOptions,
  type Store,
  type WriteOptions,
} from '@diskcache/core'

/** The members of `Store` that memoizing needs. */
export type MemoizeStore = Pick<Store, 'directory' | 'getEntry' | 'has' | 'set' | 'delete'>

const CLOSED: ReadonlySet<string> = new Set(['ERR_DISKCACHE_CLOSED'])
const MISUSE: ReadonlySet<string> = new Set([...CLOSED, 'ERR_DISKCACHE_REENTRANT'])

/** Makes functions that keep their results in one store, told apart by their names. */
export class Memoizer {
  readonly #store: MemoizeStore
  readonly #names = new MemoizedNames()
  readonly #results = new Map<string, Results>()

  /** Makes functions that keep their results in `store`. */
  constructor(store: MemoizeStore) {
    this.#store = store
  }

  /**
   * Returns a function that keeps its results in the store, under the name of the options, as `Store.memoize` does.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, and for a name that another function of this
   * store has
   */
  memoize<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    options: MemoizeOptions<A>,
  ): Memoized<A, R> {
    checkFunction('fn', fn)
    checkMemoizeOptions(options)
    this.#names.take(fn, options)
    const results = this.#results.get(options.name) ?? new Results(this.#store, options.name)
    this.#results.set(options.name, results)
    return memoized(this.#store, fn, options, results)
  }
}

function memoized<A extends readonly unknown[], R>(
  store: MemoizeStore,
  original: (...args: A) => R,
  options: MemoizeOptions<A>,
  results: Results,
): Memoized<A, R> {
  const { name, ttl, tag } = options
  const cacheKey = (...args: A): Key => ['diskcache', 'memoize', name, ...argumentParts(args, options)]
  function call(this: unknown, ...args: A): R {
    const key = cacheKey(...args)
    return results.get(key, { ttl, tag }, () => Reflect.apply(original, this, args)) as R
  }
  const forget = (...args: A): boolean => {
    const key = cacheKey(...args)
    results.forget(key)
    return store.delete(key)
  }
  return Object.assign(call, { cacheKey, forget, original })
}

/** The results of one function, also when it was memoized several times. */
class Results {
  readonly #store: MemoizeStore
  /** The key of an entry whose presence says that the function returns promises, so that a hit must be one, too. */
  readonly #markerKey: Key
  readonly #pending = new Map<string, Promise<unknown>>()
  #returnsPromises: boolean | undefined

  constructor(store: MemoizeStore, name: string) {
    this.#store = store
    this.#markerKey = ['diskcache', 'memoizes promises', name]
  }

  get(key: Key, options: WriteOptions, compute: () => unknown): unknown {
    const pending = this.#pendingFor(key)
    if (pending !== undefined) return pending
    const entry = this.#ifItWorks(() => this.#store.getEntry(key))
    if (entry !== undefined) return this.#isAsync() ? Promise.resolve(entry.value) : entry.value
    const result = compute()
    if (!isThenable(result)) {
      this.#keep(key, result, options)
      return result
    }
    this.#markAsync()
    return this.#share(key, Promise.resolve(result), options)
  }

  forget(key: Key): void {
    if (this.#pending.size > 0) this.#pending.delete(identityOf(key))
  }

  #pendingFor(key: Key): Promise<unknown> | undefined {
    return this.#pending.size === 0 ? undefined : this.#pending.get(identityOf(key))
  }

  /**
   * Shares a promise among the calls that come while it is pending, and stores its value unless that was forgotten
   * meanwhile.
   */
  #share(key: Key, result: Promise<unknown>, options: WriteOptions): Promise<unknown> {
    const identity = identityOf(key)
    const shared = result.then((value) => {
      if (this.#pending.get(identity) === shared) this.#keep(key, value, options)
      return value
    })
    const settle = () => {
      if (this.#pending.get(identity) === shared) this.#pending.delete(identity)
    }
    this.#pending.set(identity, shared)
    shared.then(settle, settle)
    return shared
  }

  #isAsync(): boolean {
    this.#returnsPromises ??= this.#ifItWorks(() => this.#store.has(this.#markerKey))
    return this.#returnsPromises === true
  }

  #markAsync(): void {
    if (this.#returnsPromises === true) return
    this.#returnsPromises = true
    this.#keep(this.#markerKey, null, { ttl: Infinity, pin: true })
  }

  /**
   * Stores a value, if that works. Where another store of this process is inside `transact` it does not: a result that
   * is there is given all the same.
   */
  #keep(key: Key, value: unknown, options: WriteOptions): void {
    this.#ifItWorks(() => this.#store.set(key, value, options), CLOSED)
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
      errorChannel.publish({ store: this.#store.directory, reason: 'failed', error })
      return undefined
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
