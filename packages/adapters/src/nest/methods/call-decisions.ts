import type { ResultOptions, Ttl } from '@diskcache/core'
import { restoreHttpFailure } from './http-failure.ts'

/** A decision that is given or made, by a method of an object of type `T`. */
type Decision<T, V, D> = D | ((this: T, value: V) => D) | undefined

/** What is decided of results of a method, as `@Cached` is told it. */
export interface CallDecisions<T, V> {
  ttl?: Decision<T, V, Ttl>
  keep?: ((this: T, value: V) => boolean) | undefined
  failureTtl?: Decision<T, unknown, number>
}

/**
 * Returns what is decided of a result as it is kept. The functions are given what callers get: the revived result, and
 * the failure with which the method failed; their `this` is the object.
 */
export function callDecisions<T extends object, V>(
  self: object,
  { ttl, keep, failureTtl }: CallDecisions<T, V>,
  revived: (data: unknown) => unknown,
): Required<ResultOptions<unknown>> {
  const ofValue = <D>(decide: (this: T, value: V) => D) => {
    return (data: unknown): D => Reflect.apply(decide, self as T, [revived(data) as V])
  }
  const ofFailure = (decide: (this: T, error: unknown) => number) => {
    return (error: unknown): number => Reflect.apply(decide, self as T, [restoreHttpFailure(error)])
  }
  return {
    ttl: typeof ttl === 'function' ? ofValue(ttl) : ttl,
    keep: keep && ofValue(keep),
    failureTtl: typeof failureTtl === 'function' ? ofFailure(failureTtl) : failureTtl,
  }
}
