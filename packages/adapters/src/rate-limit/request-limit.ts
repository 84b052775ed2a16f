import type { CacheOptions } from '@diskcache/cache'
import {
  type AsyncStore,
  checkChoice,
  checkFunction,
  checkNumber,
  checkOptions,
  checkString,
  type DiskCacheError,
  hasCode,
  type Key,
  nameOf,
  quote,
  type StoreHealth,
  storeHealth,
  tellFailure,
} from '@diskcache/core'
import { type TakeResult, TokenBucket } from '@diskcache/recipes'
import { openStore, type StoreSource } from '../store/open-store.ts'
import { type Field, policyField, quotaField, retryField } from './rate-fields.ts'

const WHEN_AWAY = ['allow', 'refuse'] as const

/** How many requests are let through, and for whom they are counted. */
export interface RequestLimitOptions<Request> {
  /**
   * The name of the limit, which all limits of this name share in all processes; clients read it in the fields. Of ASCII
   * characters that can be seen.
   */
  name: string
  /** How many requests a client may make at once, and in `per` milliseconds: a whole number of at least 1. */
  count: number
  /** The time in milliseconds in which `count` requests are allowed again, a few at a time: from 1 to 2,147,483,647. */
  per: number
  /** Returns for whom a request counts; `undefined` for a request that is not limited. */
  key?: ((request: Request) => Key | undefined | Promise<Key | undefined>) | undefined
  /**
   * What becomes of requests while the store is away or fails: `'allow'`, unless given, lets them through unlimited and
   * without the fields; `'refuse'` answers them with the status 503.
   */
  whenAway?: (typeof WHEN_AWAY)[number] | undefined
  /** The options of the `Cache` that is opened, where a directory is given; none beside a store. */
  cache?: CacheOptions | undefined
}

/** What is to be done with a request. */
export interface Verdict {
  /** The status to refuse it with; `undefined` for one that may go on. */
  readonly refusal: 429 | 503 | undefined
  /** What the answer has to say of the limit, whoever makes it. */
  readonly fields: readonly Field[]
}

const UNLIMITED: Verdict = { refusal: undefined, fields: [] }
const AWAY: Verdict = { refusal: 503, fields: [retryField(1_000)] }

/** A limit on requests: a token bucket for each client, which all processes share. */
export class RequestLimit<Request> {
  readonly #store: AsyncStore
  readonly #isOwn: boolean
  readonly #bucket: TokenBucket
  readonly #options: RequestLimitOptions<Request>
  readonly #keyOf: (request: Request) => Key | undefined | Promise<Key | undefined>

  /** `others` are the options that the face of the limit knows beside these. */
  constructor(
    source: StoreSource,
    options: RequestLimitOptions<Request>,
    keyOf: RequestLimitOptions<Request>['key'],
    others: readonly string[],
  ) {
    const known = ['name', 'count', 'per', 'key', 'whenAway', 'cache', ...others]
    checkOptions('the options of the limit', options, known)
    const { name, count, per, key = keyOf, whenAway = 'allow', cache } = options
    checkFunction('key', key)
    checkChoice('whenAway', whenAway, WHEN_AWAY)
    checkFieldName(name)
    checkNumber('count', count, { min: 1, max: 1e15 - 1, integer: true })
    const { store, isOwn } = openStore(source, cache)
    this.#store = store
    this.#isOwn = isOwn
    this.#bucket = new TokenBucket(store, { name, count, per })
    this.#options = options
    this.#keyOf = key as NonNullable<typeof key>
  }

  /** Takes a token for a request. Rejects with what `key` throws, and for what cannot be a key. */
  async judge(request: Request): Promise<Verdict> {
    const key = await this.#keyOf(request)
    if (key === undefined) return UNLIMITED
    try {
      const { ok, remaining, retryAfter } = await this.#take(key)
      const fields = [policyField(this.#options), quotaField(this.#options, remaining, retryAfter)]
      return ok
        ? { refusal: undefined, fields }
        : { refusal: 429, fields: [...fields, retryField(retryAfter)] }
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) throw error
      tellFailure({ store: nameOf(this.#store) }, error)
      return this.#options.whenAway === 'refuse' ? AWAY : UNLIMITED
    }
  }

  /** Where the row of a bucket is none, a full one takes its place: a client is neither let through nor refused for good. */
  async #take(key: Key): Promise<TakeResult> {
    try {
      return await this.#bucket.tryTake(key)
    } catch (error) {
      if (!hasCode(error, 'ERR_DISKCACHE_FOREIGN_VALUE')) throw error
      const { key: row } = error as DiskCacheError
      tellFailure({ store: nameOf(this.#store), key: row }, error)
      await this.#store.delete(row as Key)
      return this.#bucket.tryTake(key)
    }
  }

  /** Returns how the store does, as far as this process has noticed. */
  health(): StoreHealth {
    return storeHealth(this.#store)
  }

  /** Closes the `Cache` that was opened here; a store that was given stays open. */
  async close(): Promise<void> {
    if (this.#isOwn) await this.#store.close()
  }
}

/** The name stands in a field, as a string of RFC 9651. */
function checkFieldName(name: unknown): void {
  if (/^[\x20-\x7e]+$/.test(checkString('name', name))) return
  throw new RangeError(
    `Cannot use name ${quote(name)}: expected ASCII characters that can be seen, such as 'api'`,
  )
}
