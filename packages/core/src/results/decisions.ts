import { checkBoolean, checkFunction, checkNumber } from '../checks/argument-check.ts'
import { refusePromise } from '../checks/synchronous-check.ts'
import { checkTtl } from '../checks/write-options.ts'
import type { Ttl } from '../contract/entry.ts'
import type { ResultOptions } from '../contract/memoized.ts'

/** Told of what goes wrong in a decision: there is a result already, and its caller gets it. */
type Tell = (error: unknown) => void

/** The names of the members of `ResultOptions`. */
export const RESULT_OPTION_NAMES = ['ttl', 'keep', 'failureTtl'] as const

/** Throws `TypeError` or `RangeError` that names an illegal member of the options. */
export function checkResultOptions({ ttl, keep, failureTtl }: ResultOptions<never>): void {
  if (ttl !== undefined && typeof ttl !== 'function')
    checkTtl(ttl, 'ttl', 'a number, { min, max } or a function')
  if (keep !== undefined) checkFunction('keep', keep)
  if (failureTtl !== undefined && typeof failureTtl !== 'function')
    checkNumber('failureTtl', failureTtl, { min: 0, kinds: 'a number or a function' })
}

/**
 * Returns the time to live of a result that is kept, where the options say one, or `undefined` when it is not kept. It is
 * not when a function of the options throws, or returns what it must not.
 */
export function resultTtl(
  { ttl, keep }: Pick<ResultOptions<never>, 'ttl' | 'keep'>,
  value: unknown,
  tell: Tell,
): { readonly ttl: Ttl | undefined } | undefined {
  return decided(() => {
    if (keep !== undefined && !checkBoolean('the result of keep', judged('keep', keep, value)))
      return undefined
    return { ttl: typeof ttl === 'function' ? checkTtl(judged('ttl', ttl, value), 'the result of ttl') : ttl }
  }, tell)
}

/** Returns for how many milliseconds a failure is kept, or `undefined` when it is not. */
export function failureTtl(
  { failureTtl }: ResultOptions<never>,
  error: unknown,
  tell: Tell,
): number | undefined {
  const ttl = decided(() => {
    if (typeof failureTtl !== 'function') return failureTtl
    return checkNumber('the result of failureTtl', judged('failureTtl', failureTtl, error), { min: 0 })
  }, tell)
  return ttl === 0 ? undefined : ttl
}

function judged(name: string, judge: (value: never) => unknown, value: unknown): unknown {
  return refusePromise(`decide by ${name}`, judge(value as never))
}

function decided<T>(decide: () => T, tell: Tell): T | undefined {
  try {
    return decide()
  } catch (error) {
    tell(error)
    return undefined
  }
}
