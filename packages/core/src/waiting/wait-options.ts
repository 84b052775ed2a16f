import { checkNumber, checkOptions, quote } from '../checks/argument-check.ts'
import type { Abortable } from '../contract/async-store.ts'

/** The limits of one caller's wait. An aborted `signal` ends the wait with the signal's reason. */
export interface WaitOptions extends Abortable {
  /**
   * The longest time to wait, in milliseconds. Left out or `Infinity`: for ever. With 0, locks and buckets are tried
   * once.
   */
  timeout?: number | undefined
}

/** The names of the members of `WaitOptions`. */
export const WAIT_OPTION_NAMES = ['timeout', 'signal'] as const

/** The longest time that Node's timers can wait, in milliseconds. */
export const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Checks the options of a wait; `further` are names that the caller knows beside them.
 *
 * @throws TypeError, RangeError naming the option that is unknown or illegal
 */
export function checkWaitOptions(options: WaitOptions, further: readonly string[] = []): void {
  checkOptions('the options', options, [...WAIT_OPTION_NAMES, ...further])
  checkWait(options)
}

/**
 * Checks the limits of a wait among options whose names are checked already.
 *
 * @throws TypeError, RangeError naming the option that is illegal
 */
export function checkWait({ timeout, signal }: WaitOptions): void {
  if (timeout !== undefined) checkNumber('timeout', timeout, { min: 0, max: MAX_TIMER_MS, infinity: true })
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new TypeError(`Cannot use signal: expected an AbortSignal, got ${quote(signal)}`)
  }
}
