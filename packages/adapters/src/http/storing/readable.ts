import { hasCode } from '@diskcache/core'

/** Resolves to what is read, and to `undefined` for what cannot be, such as a value whose key was dropped. */
export async function readable<T>(reading: Promise<T>): Promise<T | undefined> {
  return (await isReadable(reading)) ? reading : undefined
}

/** Resolves to whether an operation could read what is stored; anything else that it fails with is passed on. */
export async function isReadable(operation: Promise<unknown>): Promise<boolean> {
  try {
    await operation
    return true
  } catch (error) {
    if (hasCode(error, 'ERR_DISKCACHE_FORMAT')) return false
    throw error
  }
}
