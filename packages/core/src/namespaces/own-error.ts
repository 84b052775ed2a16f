import { quote } from '../checks/argument-check.ts'
import { DiskCacheError } from '../contract/errors.ts'
import type { NamespaceKeys } from './namespace-keys.ts'

/** Returns what a namespace fails with where the whole failed with `error`: with the key as the namespace has it. */
export function ownError(error: unknown, keys: NamespaceKeys): unknown {
  if (!(error instanceof DiskCacheError)) return error
  const text = error.key
  if (typeof text !== 'string' || !text.startsWith(keys.prefix)) return error
  const key = keys.decode(text)
  if (key === undefined) return error
  const message = error.message.replace(quote(text), () => quote(key))
  return new DiskCacheError(error.code, message, { ...error, key, cause: error })
}
