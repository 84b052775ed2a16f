import { checkFunction, checkNumber, checkOptions, checkString, type Key, type Tag } from '@diskcache/core'
import { type GetOrSetOptions, getOrSet } from '@diskcache/recipes'
import { Logger } from '@nestjs/common'
import { DEFAULT_STORE } from '../stores/store-token.ts'
import { callKey } from './call-key.ts'
import { restoreHttpFailure, shareHttpFailure } from './http-failure.ts'
import { findInstance } from './plain-data.ts'
import { type AsyncMethodDecorator, type MethodCall, titleOf, wrapMethod } from './wrap-method.ts'

export interface CachedOptions<A extends readonly unknown[] = never[], T extends object = object>
  extends Omit<GetOrSetOptions, 'tag' | 'signal'> {
  /** A label for `@EvictTag`, which may depend on the arguments. */
  tag?: Tag | ((this: T, ...args: A) => Tag) | undefined
  /** Makes the part of the key that stands for the arguments, instead of the arguments themselves. */
  key?: ((this: T, ...args: A) => Key) | undefined
  /** The part of the key that stands for the method, instead of `Class.method`. */
  name?: string | undefined
  /** Makes of the kept data what the method gives, an object of a class; without it the method must give plain data. */
  revive?: ((data: never) => unknown) | undefined
  /** The name of the store. */
  store?: string | undefined
}

const OPTION_NAMES = [
  ...['ttl', 'tag', 'key', 'name', 'staleFor', 'beta', 'lease', 'timeout'],
  ...['revive', 'onError', 'store'],
]

const logger = new Logger('DiskCacheModule')

/**
 * Keeps what the method gives, for all processes, as `getOrSet` of `@diskcache/recipes` does: of all calls that miss, one
 * runs the method. The key is made of class, method and arguments, and of nothing else: what the result depends on beside
 * these, such as the user of the request, belongs into `key`.
 *
 * @example
 * class Articles { @Cached({ ttl: 60_000 }) async find(id: number): Promise<Article> { … } }
 */
export function Cached<A extends readonly unknown[] = never[], T extends object = object>(
  options: CachedOptions<A, T> = {},
): AsyncMethodDecorator<A, T> {
  checkCachedOptions(options)
  const { key, name, tag, revive, store = DEFAULT_STORE, ...compute } = options
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
        tag: tagOfCall,
        onError,
      })
      return revive === undefined ? value : revive(value as never)
    } catch (error) {
      throw restoreHttpFailure(error)
    }
  })
}

/** Runs the method; what it gives must come back from the store as it is, unless it is revived. */
async function produce({ self, name, proceed }: MethodCall, mustBePlain: boolean): Promise<unknown> {
  const value = await proceed().catch((error) => {
    throw shareHttpFailure(error)
  })
  const found = mustBePlain ? findInstance(value) : undefined
  if (found === undefined) return value
  throw new TypeError(
    `Cannot keep what ${titleOf(self, name)} gives: ${found}, and would come back as a plain object; ` +
      'give plain data, or give @Cached the option revive',
  )
}

/** Failures that no caller sees are logged, unless the application takes care of them. */
function report(
  { self, name }: MethodCall,
  error: unknown,
  onError: ((error: unknown) => void) | undefined,
): void {
  const failure = restoreHttpFailure(error)
  if (onError !== undefined) return onError(failure)
  logger.warn(`${titleOf(self, name)}, which has @Cached: ${failure}`)
}

function checkCachedOptions<A extends readonly unknown[], T extends object>(
  options: CachedOptions<A, T>,
): void {
  checkOptions('the options of @Cached', options, OPTION_NAMES)
  const { ttl, staleFor, key, name, revive, onError } = options
  for (const [option, value] of Object.entries({ ttl, staleFor }))
    if (value !== undefined) checkNumber(option, value, { min: 0, infinity: true })
  for (const [option, value] of Object.entries({ key, revive, onError }))
    if (value !== undefined) checkFunction(option, value)
  if (name !== undefined) checkString('name', name)
}
