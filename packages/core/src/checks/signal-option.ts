import type { Abortable } from '../contract/async-store.ts'
import type { GetOptions } from '../contract/operation-options.ts'
import { checkOptions, quote } from './argument-check.ts'
import { checkGetOptions, type Recency } from './get-options.ts'

/** Returns the signal of options that have nothing else, and throws its reason when it is aborted already. */
export function signalOf(options: Abortable | undefined): AbortSignal | undefined {
  if (options === undefined) return undefined
  checkOptions('the options', options, ['signal'])
  return checkSignal(options.signal)
}

/** Splits options into their signal and the others, and throws the reason of the signal when it is aborted already. */
export function splitSignal<O extends Abortable>(options: O): [AbortSignal | undefined, Omit<O, 'signal'>]
export function splitSignal<O extends Abortable>(
  options: O | undefined,
): [AbortSignal | undefined, Omit<O, 'signal'> | undefined]
export function splitSignal<O extends Abortable>(options: O | undefined) {
  if (typeof options !== 'object' || options === null || !('signal' in options)) return [undefined, options]
  const { signal, ...rest } = options
  return [checkSignal(signal), rest]
}

/**
 * Returns the signal of the options of `get`, and what it is to be answered with; throws the reason of the signal when it
 * is aborted already.
 */
export function splitGetOptions(
  options: (GetOptions & Abortable) | undefined,
): [AbortSignal | undefined, Recency] {
  if (options === undefined) return [undefined, 'usual']
  const [signal, get] = splitSignal(options)
  return [signal, checkGetOptions(get)]
}

function checkSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined) return undefined
  if (typeof signal?.throwIfAborted !== 'function') {
    throw new TypeError(`Cannot use signal: expected an AbortSignal, got ${quote(signal)}`)
  }
  signal.throwIfAborted()
  return signal
}
