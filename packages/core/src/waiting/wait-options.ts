import { checkNumber, checkOptions, quote } from '../checks/argument-check.ts'
import type { Abortable } from '../contract/async-store.ts'

/** The options of operations that wait for other holders. */
export interface WaitOptions extends Abortable {
  /**
   * The longest time to wait, in milliseconds. Left out or `Infinity`, the wait has no end; with `0` there is none.
   */
  timeout?: number | undefined
}

/** The names of the members of `WaitOptions`. */
export const WAIT_OPTION_NAMES = ['timeout', 'signal'] as const

/** The longest time that Node's timers can wait, in milliseconds. */
export const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Throws `TypeError` or `RangeError` that names an unknown or illegal option; `further` lists options that are
 * allowed beside these.
 */
export function checkWaitOptions(options: WaitOptions, further: readonly string[] = []): void {
  checkOptions('the options', options, [...WAIT_OPTION_NAMES, ...further])
  checkWait(options)
}

/** Throws as `checkWaitOptions` does, for options whose names are checked already. */
export function checkWait({ timeout, signal }: WaitOptions): void {
  if (timeout !== undefined) checkNumber('timeout', timeout, { min: 0, max: MAX_TIMER_MS, infinity: true })
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new TypeError(`Cannot use signal: expected an AbortSignal, got ${quote(signal)}`)
  }
}
