import {
  type Abortable,
  type AnyStore,
  type Change,
  checkName,
  checkNumber,
  checkOptions,
  checkRow,
  checkWaitOptions,
  DiskCacheError,
  type Entry,
  guarded,
  identityOf,
  insist,
  type Key,
  MAX_TIMER_MS,
  Patience,
  pause,
  quote,
  type RecipeStore,
  recipeStore,
  refuseInTransaction,
  rowKey,
  TimeLimit,
  type WaitOptions,
  waitQueuesOf,
} from '@diskcache/core'

/** A rate: `count` tokens in `per` milliseconds. Rates are not stored: give all buckets of one name the same. */
export interface RateOptions {
  /** The name of the bucket, which all buckets and throttles of this name share in all processes. Not empty. */
  name: string
  /** How many tokens come in `per` milliseconds, and the most that the bucket holds: at least 1. */
  count: number
  /** The time in milliseconds in which an empty bucket fills: from 1 to 2,147,483,647. */
  per: number
}

/** The outcome of one attempt to take a token. */
export interface TakeResult {
  /** Whether a token was taken. */
  readonly ok: boolean
  /** How many whole tokens are left after the attempt. */
  readonly remaining: number
  /** The time until there is a token again, in milliseconds, 0 while there is one: for a field such as `Retry-After`. */
  readonly retryAfter: number
  /** When the bucket will be full if nobody takes any more, in epoch milliseconds of the engine's clock. */
  readonly resetAt: number
}

/** What a bucket held at a time. A bucket without a row is full. */
interface Level {
  readonly tokens: number
  /** When that was, in epoch milliseconds of the engine's clock. */
  readonly time: number
}

interface Decision {
  readonly ok: boolean
  /** What the bucket holds after the decision. */
  readonly level: Level
  /** Whether the row has to be written. */
  readonly isNews: boolean
  /** When the decision was made, in epoch milliseconds of the engine's clock. */
  readonly now: number
}

/** A whole token: fractions add up to a little less than one. */
const ALMOST_ONE = 1 - 1e-9

/**
 * A limit on how often something is done, over all processes: a bucket that holds `count` tokens, and fills at the rate
 * of `count` in `per` milliseconds. There is one bucket for each key, so that a server can limit by client. In any time
 * of `t` milliseconds at most `count + count · t / per` tokens are given.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cache } from '@diskcache/cache'
 * import { TokenBucket } from '@diskcache/recipes'
 *
 * await using cache = new Cache('cache-directory').promises
 * const logins = new TokenBucket(cache, { name: 'logins', count: 3, per: 60_000 })
 * assert.equal((await logins.tryTake('192.0.2.7')).remaining, 2)
 * await logins.take('192.0.2.7', { timeout: 1_000 })
 * ```
 */
export class TokenBucket {
  readonly #store: RecipeStore
  readonly #name: string
  readonly #count: number
  readonly #per: number

  /**
   * Makes a bucket on a store, without reading or writing it.
   *
   * @throws TypeError, RangeError for something that is no store, or an unknown or illegal option
   */
  constructor(store: AnyStore, options: RateOptions) {
    checkOptions('the options of TokenBucket', options, ['name', 'count', 'per'])
    this.#store = recipeStore(store)
    this.#name = checkName(options.name)
    this.#count = checkNumber('count', options.count, { min: 1 })
    this.#per = checkNumber('per', options.per, { min: 1, max: MAX_TIMER_MS })
  }

  /**
   * Waits until the bucket of `key` has a token, and takes it; without a key, there is one bucket for the name. Callers
   * of one process get theirs in the order in which they asked; between processes, chance decides.
   *
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT when no token came within `timeout` milliseconds
   * @throws DiskCacheError ERR_DISKCACHE_UNAVAILABLE when the store is away, and `timeout` says nothing of waiting
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  async take(key?: Key, wait: WaitOptions = {}): Promise<void> {
    checkWaitOptions(wait)
    refuseInTransaction(this.#store)
    const row = this.#rowKey(key)
    if (wait.timeout === 0) return this.#takeNow(row, wait)
    using limit = new TimeLimit(wait, () => this.#timeoutError(wait.timeout))
    const { signal } = limit
    await waitQueuesOf(this.#store).run(identityOf(row), () => this.#takeNext(row, wait, signal), signal)
  }

  /**
   * Takes a token from the bucket of `key` if there is one, without waiting. Returns whether a token was taken, and
   * what is left.
   *
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when the store takes longer than 250 ms, ERR_DISKCACHE_UNAVAILABLE when
   * it is known to be away or busy
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  async tryTake(key?: Key, options: Abortable = {}): Promise<TakeResult> {
    checkOptions('the options of tryTake', options, ['signal'])
    refuseInTransaction(this.#store)
    const { ok, level, now } = await this.#take(this.#rowKey(key), options, new Patience())
    const remaining = Math.floor(level.tokens + (1 - ALMOST_ONE))
    const retryAfter = remaining > 0 ? 0 : this.#timeToNext(level, now)
    return { ok, remaining, retryAfter, resetAt: Math.ceil(this.#fullAt(level)) }
  }

  async #takeNow(row: Key, { signal }: WaitOptions): Promise<void> {
    const { ok } = await this.#take(row, { signal }, new Patience())
    if (!ok) throw this.#timeoutError(0)
  }

  /** Whoever said how long to wait also waits for a store that does not answer. */
  async #takeNext(row: Key, { timeout = Infinity }: WaitOptions, signal: AbortSignal): Promise<void> {
    const take = () => this.#take(row, { signal })
    for (;;) {
      const { ok, level, now } = await (timeout === Infinity ? take() : insist(take, signal))
      if (ok) return
      await pause(Math.min(this.#timeToNext(level, now), MAX_TIMER_MS), signal)
    }
  }

  /** Decides in one `update`. Where the engine decides more than once, its last decision is the one that counts. */
  async #take(row: Key, options: Abortable, patience?: Patience): Promise<Decision> {
    let decision!: Decision
    const change = (entry: Entry<unknown> | undefined, now: number): Change<Level> => {
      const before = entry && checkRow<Level>(row, entry.value, ['tokens', 'time'])
      decision = this.#decide(before, now)
      const { level, isNews } = decision
      if (!isNews) return { keep: true }
      return { set: level, ttl: Math.ceil(this.#fullAt(level) - now), pin: 'share' }
    }
    await guarded(this.#store, patience).update(row, change, options)
    return decision
  }

  #decide(before: Level | undefined, now: number): Decision {
    const { tokens, time } = this.#fill(before, now)
    const ok = tokens >= ALMOST_ONE
    const level = { tokens: ok ? Math.max(0, tokens - 1) : tokens, time }
    const wasSetBack = before !== undefined && time < before.time
    return { ok, level, isNews: ok || wasSetBack, now }
  }

  /**
   * Returns what the bucket holds now. A clock that is a little behind must not fill the bucket twice. One that is
   * behind by more than the bucket takes to fill was set back, and nothing is known about the time in between.
   */
  #fill(before: Level | undefined, now: number): Level {
    if (before === undefined) return { tokens: this.#count, time: now }
    const elapsed = now - before.time
    const tokens = Math.min(Math.max(before.tokens, 0), this.#count)
    if (elapsed < 0) return { tokens, time: elapsed < -this.#per ? now : before.time }
    return { tokens: Math.min(this.#count, tokens + elapsed / this.#timeFor(1)), time: now }
  }

  /** Returns when the bucket is full, in epoch milliseconds. */
  #fullAt({ tokens, time }: Level): number {
    return time + this.#timeFor(this.#count - tokens)
  }

  /** Returns the milliseconds until a bucket that is empty has a token. */
  #timeToNext({ tokens, time }: Level, now: number): number {
    return Math.ceil(time - now + this.#timeFor(ALMOST_ONE - tokens))
  }

  /** Returns the milliseconds in which so many tokens come. */
  #timeFor(tokens: number): number {
    return (tokens * this.#per) / this.#count
  }

  #rowKey(key: Key | undefined): Key {
    return key === undefined ? rowKey('bucket', this.#name) : rowKey('bucket', this.#name, key)
  }

  #timeoutError(timeout: number | undefined): DiskCacheError {
    const message = `Cannot take from the bucket ${quote(this.#name)}: it was empty for ${timeout} ms`
    return new DiskCacheError('ERR_DISKCACHE_LOCK_TIMEOUT', message)
  }
}
