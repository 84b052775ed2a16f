import type { Abortable, AsyncStore, Key, Tag, Ttl, WriteOptions } from '@diskcache/core'

/** What recipes need of an engine. */
export type RecipeStore = Pick<
  AsyncStore,
  'capabilities' | 'get' | 'popEntry' | 'set' | 'update' | 'delete' | 'waitFor'
>

/**
 * The face of `@diskcache/recipes`, as far as the suites use it. They are given the recipes, because a test kit that
 * depended on a package which it tests would close a circle.
 */
export interface Recipes {
  readonly Lock: new (store: RecipeStore, key: Key, options?: LeaseOptions) => Lock
  readonly RLock: new (store: RecipeStore, key: Key, options?: LeaseOptions) => RLock
  readonly BoundedSemaphore: new (store: RecipeStore, key: Key, value: number, options?: LeaseOptions) => Lock
  readonly Averager: new (store: RecipeStore, key: Key, options?: WriteOptions) => Averager
  readonly TokenBucket: new (store: RecipeStore, options: RateOptions) => TokenBucket
  readonly RollingCounter: new (
    store: RecipeStore,
    options: { name: string; period: 'minute' | 'hour' | 'day' | number; keep: number; tag?: Tag },
  ) => RollingCounter
  readonly BloomFilter: new (
    store: RecipeStore,
    options: { name: string; capacity: number; errorRate: number; ttl?: number; tag?: Tag },
  ) => BloomFilter
  setIfNewer(
    store: RecipeStore,
    key: Key,
    value: unknown,
    token: number,
    options?: WriteOptions & Abortable,
  ): Promise<boolean>
  getFenced(store: RecipeStore, key: Key): Promise<{ value: unknown; token: number } | undefined>
  readonly throttle: {
    <T, A extends readonly unknown[], R>(
      store: RecipeStore,
      fn: (this: T, ...args: A) => R,
      options: RateOptions & WaitOptions & { overflow: 'skip' },
    ): (this: T, ...args: A) => Promise<Awaited<R> | undefined>
    <T, A extends readonly unknown[], R>(
      store: RecipeStore,
      fn: (this: T, ...args: A) => R,
      options: RateOptions & WaitOptions & { overflow?: 'wait' },
    ): (this: T, ...args: A) => Promise<Awaited<R>>
  }
  barrier<T, A extends readonly unknown[], R>(
    store: RecipeStore,
    fn: (this: T, ...args: A) => R,
    options: {
      name: string
      lock?(store: RecipeStore, key: Key): Lock | RLock
      share?: boolean
    } & WaitOptions,
  ): (this: T, ...args: A) => Promise<Awaited<R>>
  readonly getOrSet: {
    <V>(store: RecipeStore, key: Key, make: Make<V>, options?: GetOrSetOptions<V>): Promise<V>
    forget(store: RecipeStore, key: Key): Promise<boolean>
  }
  memoizeStampede<T, A extends readonly unknown[], R>(
    store: RecipeStore,
    fn: (this: T, ...args: A) => R,
    options: GetOrSetOptions<Awaited<R>> & {
      name: string
      ignore?: readonly number[]
      key?: (...args: A) => Key
    },
  ): ((this: T, ...args: A) => Promise<Awaited<R>>) & {
    cacheKey(...args: A): Key
    forget(...args: A): Promise<boolean>
    readonly original: (this: T, ...args: A) => R
  }
}

export interface WaitOptions {
  timeout?: number
  signal?: AbortSignal
}

export interface LeaseOptions {
  lease?: number
  maxHold?: number
  tag?: Tag
}

export interface RateOptions {
  name: string
  count: number
  per: number
}

export interface GetOrSetOptions<V = unknown> extends WaitOptions {
  ttl?: Ttl | ((value: V) => Ttl)
  keep?: (value: V) => boolean
  failureTtl?: number | ((error: unknown) => number)
  tag?: Tag
  beta?: number
  staleFor?: number
  lease?: number
  computeTimeout?: number
  onError?: (error: unknown) => void
}

export type Make<V> = (context: { readonly signal: AbortSignal }) => V | Promise<V>

export interface Hold extends AsyncDisposable {
  readonly token: number
  readonly lost: AbortSignal
  check(): void
  release(): Promise<void>
}

export interface Lock {
  acquire(wait?: WaitOptions): Promise<Hold>
  tryAcquire(options?: { signal?: AbortSignal }): Promise<Hold | undefined>
  run<T>(body: (hold: Hold) => T | Promise<T>, wait?: WaitOptions): Promise<T>
  locked(): Promise<boolean>
}

export interface RLock {
  acquire(options?: WaitOptions & { within?: Hold }): Promise<Hold>
  run<T>(body: (hold: Hold) => T | Promise<T>, options?: WaitOptions & { within?: Hold }): Promise<T>
}

export interface Averager {
  add(value: number): Promise<void>
  get(): Promise<number | undefined>
  pop(): Promise<number | undefined>
}

export interface TokenBucket {
  take(key?: Key, wait?: WaitOptions): Promise<void>
  tryTake(
    key?: Key,
    options?: { signal?: AbortSignal },
  ): Promise<{ ok: boolean; remaining: number; retryAfter: number; resetAt: number }>
}

export interface PeriodRange {
  last?: number
  since?: Date | number
}

export interface RollingCounter {
  incr(key?: Key, by?: number): Promise<number>
  count(key?: Key, range?: PeriodRange): Promise<number>
  series(key?: Key, range?: PeriodRange): Promise<{ start: number; count: number }[]>
  delete(key?: Key): Promise<boolean>
}

export interface BloomFilter {
  add(value: Key): Promise<boolean>
  addMany(values: Iterable<Key>): Promise<boolean[]>
  has(value: Key): Promise<boolean>
  hasMany(values: Iterable<Key>): Promise<boolean[]>
  size(): Promise<number>
  clear(): Promise<void>
}
