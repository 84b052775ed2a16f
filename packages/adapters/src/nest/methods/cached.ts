import {
  checkBoolean,
  checkFunction,
  checkLease,
  checkNumber,
  checkOptions,
  checkPatience,
  checkResultOptions,
  checkString,
  checkWait,
  hasCode,
  type Key,
  type Tags,
  type Ttl,
  tagsToColumns,
} from '@diskcache/core'
import { type GetOrSetOptions, getOrSet } from '@diskcache/recipes'
import { Logger } from '@nestjs/common'
import { DEFAULT_STORE } from '../stores/store-token.ts'
import { callDecisions } from './call-decisions.ts'
import { callKey } from './call-key.ts'
import { restoreHttpFailure, shareHttpFailure } from './http-failure.ts'
import { findInstance, plainCopy } from './plain-data.ts'
import { type AsyncMethodDecorator, type MethodCall, titleOf, wrapMethod } from './wrap-method.ts'

/** How {@link Cached} keeps results: the options of `getOrSet` in `@diskcache/recipes`, and those of the key. */
export interface CachedOptions<A extends readonly unknown[] = never[], T extends object = object, V = unknown>
  extends Omit<GetOrSetOptions<V>, 'tag' | 'signal' | 'ttl' | 'keep' | 'failureTtl'> {
  /**
   * How long a result is fresh, in milliseconds, or a range of it, or a function that is given what the method returns, or
   * what `revive` makes of it, and returns either. Left out, it is that of the store, or for ever, as with `Infinity`.
   */
  ttl?: Ttl | ((this: T, value: V) => Ttl) | undefined
  /** Tells whether a result is kept; all are unless given. Those who wait get what is not kept, in all processes. */
  keep?: ((this: T, value: V) => boolean) | undefined
  /**
   * How long a failure is kept, in milliseconds, or a function of the error that returns it: so long, callers in all
   * processes get the failure at once, unless there is a result. 0 by default.
   */
  failureTtl?: number | ((this: T, error: unknown) => number) | undefined
  /** A label for `@EvictTag`, or several, or a function of the arguments that returns them. None by default. */
  tag?: Tags | ((this: T, ...args: A) => Tags) | undefined
  /**
   * Makes the part of the key that stands for the arguments, instead of the arguments themselves. Called with the
   * object as `this`.
   */
  key?: ((this: T, ...args: A) => Key) | undefined
  /**
   * The part of the key that stands for the method, instead of `Class.method`. No two methods of a store may have one
   * name.
   */
  name?: string | undefined
  /**
   * Makes of the kept data what the method returns, such as an object of a class, for every caller. Without it the
   * method must return plain data.
   */
  revive?: ((data: never) => unknown) | undefined
  /** The name of the store; `'default'` when left out. */
  store?: string | undefined
}

const OPTION_NAMES = [
  ...[
    'ttl',
    'keep',
    'failureTtl',
    'tag',
    'key',
    'name',
    'staleFor',
    'staleIfAway',
    'beta',
    'lease',
    'computeTimeout',
    'storeTimeout',
    'timeout',
  ],
  ...['revive', 'onError', 'store'],
]

const logger = new Logger('DiskCacheModule')

/**
 * Keeps what an asynchronous method returns, for all processes, as `getOrSet` of `@diskcache/recipes` does: of all
 * calls that miss, one runs the method, and the others wait for its result. The key is made of class, method and
 * arguments, and of nothing else: what the result depends on beside these, such as the user of the request, belongs
 * into `key`. When the store fails, the method runs, and the log or `onError` is told.
 *
 * @throws TypeError, RangeError for an unknown or illegal option, or something that is no method of an object
 * @throws TypeError from the method, for arguments that cannot be part of a key, and for results that are no plain data
 * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT from the method, when there is no result after `timeout`
 * milliseconds
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cached, DiskCacheModule } from '@diskcache/adapters/nest'
 * import { Module } from '@nestjs/common'
 * import { NestFactory } from '@nestjs/core'
 *
 * class Articles {
 *   @Cached({ ttl: 60_000, tag: 'articles' })
 *   async find(id: number) {
 *     return { id }
 *   }
 * }
 *
 * @Module({ imports: [DiskCacheModule.forRoot({ directory: 'cache-directory' })], providers: [Articles] })
 * class AppModule {}
 *
 * const application = await NestFactory.createApplicationContext(AppModule, { logger: false })
 * assert.deepEqual(await application.get(Articles).find(1), { id: 1 })
 * await application.close()
 * ```
 */
export function Cached<A extends readonly unknown[] = never[], T extends object = object, V = unknown>(
  options: CachedOptions<A, T, V> = {},
): AsyncMethodDecorator<A, T, V> {
  checkCachedOptions(options)
  const { key, name, tag, revive, store = DEFAULT_STORE, ...compute } = options
  const revived = (data: unknown) => (revive === undefined ? data : revive(data as never))
  const naming = { name, hasKey: key !== undefined }
  const keyOptions = { name, key: key as ((...args: readonly unknown[]) => Key) | undefined }
  return wrapMethod({ decorator: 'Cached', store, naming }, async (call) => {
    const { self, args, store } = call
    const onError = (error: unknown) => report(call, error, options.onError)
    try {
      const tagOfCall = typeof tag === 'function' ? Reflect.apply(tag, self as T, args as A) : tag
      const make = () => produce(call, revive === undefined)
      const value = await getOrSet(store, callKey(call, keyOptions), make, {
        ...compute,
        ...callDecisions(self, options, revived),
        tag: tagOfCall,
        onError,
      })
      return revived(value)
    } catch (error) {
      throw restoreHttpFailure(error)
    }
  })
}

/** Runs the method. What it returns must come back from the store as it is; what is revived is made plain here. */
async function produce({ self, name, proceed }: MethodCall, mustBePlain: boolean): Promise<unknown> {
  const value = await proceed().catch((error) => {
    throw shareHttpFailure(error)
  })
  const found = findInstance(value)
  if (found === undefined) return value
  if (!mustBePlain) return plainCopy(value)
  throw new TypeError(
    `Cannot keep what ${titleOf(self, name)} gives: ${found}, and would come back as a plain object; ` +
      'give plain data, or give @Cached the option revive',
  )
}

/** Logs a failure that no caller sees, unless the application takes care of it. */
function report(
  { self, name }: MethodCall,
  error: unknown,
  onError: ((error: unknown) => void) | undefined,
): void {
  const failure = restoreHttpFailure(error)
  if (onError !== undefined) return onError(failure)
  // One line says that the store is away, and not one for each call.
  if (!hasCode(failure, 'ERR_DISKCACHE_UNAVAILABLE'))
    logger.warn(`${titleOf(self, name)}, which has @Cached: ${failure}`)
}

function checkCachedOptions<A extends readonly unknown[], T extends object, V>(
  options: CachedOptions<A, T, V>,
): void {
  checkOptions('the options of @Cached', options, OPTION_NAMES)
  checkResultOptions(options)
  checkWait(options)
  checkPatience(options)
  const {
    tag,
    beta,
    staleFor,
    staleIfAway,
    lease = 5_000,
    computeTimeout,
    key,
    name,
    revive,
    onError,
  } = options
  if (tag !== undefined && typeof tag !== 'function') tagsToColumns(tag)
  if (beta !== undefined) checkNumber('beta', beta, { min: 0 })
  if (staleIfAway !== undefined) checkBoolean('staleIfAway', staleIfAway)
  checkLease(lease)
  if (computeTimeout !== undefined)
    checkNumber('computeTimeout', computeTimeout, { min: lease, infinity: true })
  if (staleFor !== undefined) checkNumber('staleFor', staleFor, { min: 0, infinity: true })
  for (const [option, value] of Object.entries({ key, revive, onError }))
    if (value !== undefined) checkFunction(option, value)
  if (name !== undefined) checkString('name', name)
}
