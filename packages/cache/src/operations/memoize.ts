import {
  argumentParts,
  checkFunction,
  checkMemoizeOptions,
  identityOf,
  type Key,
  type Memoized,
  type MemoizeOptions,
  quote,
  type Store,
  type WriteOptions,
} from '@diskcache/core'

/** The members of `Store` that memoizing needs. */
export type MemoizeStore = Pick<Store, 'getEntry' | 'has' | 'set' | 'delete'>

/** Makes functions that keep their results in one store, told apart by their names. */
export class Memoizer {
  readonly #store: MemoizeStore
  readonly #names = new Set<string>()

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
    if (this.#names.has(options.name)) {
      throw new TypeError(
        `Cannot memoize under the name ${quote(options.name)}: another function of this store has it`,
      )
    }
    this.#names.add(options.name)
    return memoized(this.#store, fn, options)
  }
}

function memoized<A extends readonly unknown[], R>(
  store: MemoizeStore,
  original: (...args: A) => R,
  options: MemoizeOptions<A>,
): Memoized<A, R> {
  const { name, ttl, tag } = options
  const results = new Results(store, name, { ttl, tag })
  const cacheKey = (...args: A): Key => ['diskcache', 'memoize', name, ...argumentParts(args, options)]
  function call(this: unknown, ...args: A): R {
    const key = cacheKey(...args)
    return results.get(key, () => Reflect.apply(original, this, args)) as R
  }
  const forget = (...args: A): boolean => {
    const key = cacheKey(...args)
    results.forget(key)
    return store.delete(key)
  }
  return Object.assign(call, { cacheKey, forget, original })
}

/** The results of one function. */
class Results {
  readonly #store: MemoizeStore
  readonly #options: WriteOptions
  /** The key of an entry whose presence says that the function returns promises, so that a hit must be one, too. */
  readonly #markerKey: Key
  readonly #pending = new Map<string, Promise<unknown>>()
  #returnsPromises: boolean | undefined

  constructor(store: MemoizeStore, name: string, options: WriteOptions) {
    this.#store = store
    this.#options = options
    this.#markerKey = ['diskcache', 'memoizes promises', name]
  }

  get(key: Key, compute: () => unknown): unknown {
    const pending = this.#pendingFor(key)
    if (pending !== undefined) return pending
    const entry = this.#store.getEntry(key)
    if (entry !== undefined) return this.#isAsync() ? Promise.resolve(entry.value) : entry.value
    const result = compute()
    if (!isThenable(result)) {
      this.#store.set(key, result, this.#options)
      return result
    }
    this.#markAsync()
    return this.#share(key, Promise.resolve(result))
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
  #share(key: Key, result: Promise<unknown>): Promise<unknown> {
    const identity = identityOf(key)
    const shared = result.then((value) => {
      if (this.#pending.get(identity) === shared) this.#store.set(key, value, this.#options)
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
    this.#returnsPromises ??= this.#store.has(this.#markerKey)
    return this.#returnsPromises
  }

  #markAsync(): void {
    if (this.#returnsPromises === true) return
    this.#returnsPromises = true
    this.#store.set(this.#markerKey, null, { pin: true })
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
