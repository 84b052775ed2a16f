import { quote } from '../checks/argument-check.ts'
import { DiskCacheError } from '../contract/errors.ts'
import type { NamespaceKeys } from './namespace-keys.ts'

/** Returns what a namespace fails with where the whole failed with `error`: with the key as the namespace has it. */
export function ownError(error: unknown, keys: NamespaceKeys): unknown {
  if (!(error instanceof Error)) return error
  const { key: text } = error as { key?: unknown }
  if (typeof text !== 'string' || !text.startsWith(keys.prefix)) return error
  const key = keys.decode(text)
  if (key === undefined) return error
  const message = error.message.replace(quote(text), () => quote(key))
  if (error instanceof DiskCacheError)
    return new DiskCacheError(error.code, message, { ...error, key, cause: error })
  // Others are errors of callbacks.
  const Misuse = [TypeError, RangeError].find((one) => error.constructor === one)
  if (Misuse === undefined || message === error.message) return error
  return Object.assign(new Misuse(message, { cause: error }), { key })
}
