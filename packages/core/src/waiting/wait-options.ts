import { checkNumber, checkOptions, quote } from '../checks/argument-check.ts'
import type { Abortable } from '../contract/async-store.ts'

export interface WaitOptions extends Abortable {
  /** How long to wait at most, in milliseconds; left out or `Infinity`: for ever. */
  timeout?: number | undefined
}

export const WAIT_OPTION_NAMES = ['timeout', 'signal'] as const

/** The longest time that Node's timers can wait. */
export const MAX_TIMER_MS = 2 ** 31 - 1

/** Throws `TypeError` or `RangeError` that names the option. */
export function checkWaitOptions(options: WaitOptions, further: readonly string[] = []): void {
  checkOptions('the options', options, [...WAIT_OPTION_NAMES, ...further])
  checkWait(options)
}

/** As `checkWaitOptions`, for options whose names are checked already. */
export function checkWait({ timeout, signal }: WaitOptions): void {
  if (timeout !== undefined) checkNumber('timeout', timeout, { min: 0, max: MAX_TIMER_MS, infinity: true })
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new TypeError(`Cannot use signal: expected an AbortSignal, got ${quote(signal)}`)
  }
}
