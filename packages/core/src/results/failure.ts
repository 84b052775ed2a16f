import { types } from 'node:util'
import { quote } from '../checks/argument-check.ts'

/** An error in the form in which any store can keep it. */
export interface Failure {
  /** The name of the error, such as `TypeError`. */
  readonly name: string
  /** The message of the error. */
  readonly message: string
  /** The code of the error, where it has one: a text, or a finite number as gRPC and `DOMException` have. */
  readonly code?: string | number
  /** The stack of the error, in the process where it was thrown. */
  readonly stack?: string
}

/** The most UTF-16 code units of a text that are kept. More would be a burden on the store. */
const MAX_TEXT_LENGTH = 10_000

/** Returns what other processes are told of an error. */
export function describeError(error: unknown): Failure {
  if (!isError(error)) return { name: 'Error', message: bounded(error) }
  const { name, message, stack, code } = error as Error & { code?: string | number }
  return {
    name: bounded(name),
    message: bounded(message),
    ...(isCode(code) && { code: typeof code === 'string' ? bounded(code) : code }),
    ...(typeof stack === 'string' && { stack: bounded(stack) }),
  }
}

/**
 * Returns an error with the name, message and code of the one that occurred in another process, which is its `cause`.
 */
export function reviveError(failure: Failure): Error {
  const error = new Error(failure.message, { cause: failure })
  Object.defineProperty(error, 'name', { value: failure.name, configurable: true, writable: true })
  return failure.code === undefined ? error : Object.assign(error, { code: failure.code })
}

/** Returns whether a value from a store is what {@link describeError} makes. */
export function isFailure(value: unknown): value is Failure {
  const { name, message, code = '' } = (value ?? {}) as Partial<Failure>
  return typeof name === 'string' && typeof message === 'string' && isCode(code)
}

/** Of another realm, as in `node:vm` and test runners that use it, errors are no instances of this one's `Error`. */
function isError(error: unknown): error is Error {
  return error instanceof Error || types.isNativeError(error)
}

function isCode(code: unknown): boolean {
  return typeof code === 'string' || Number.isFinite(code)
}

function bounded(text: unknown): string {
  return (typeof text === 'string' ? text : quote(text)).slice(0, MAX_TEXT_LENGTH)
}
