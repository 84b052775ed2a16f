import { craft } from './raw-database.ts'

/**
 * Runs `body` while somebody who is not a cache of this process has the write lock of a directory, and returns what it
 * returns.
 */
export function whileLocked<T>(directory: string, body: () => T): T {
  let result: T | undefined
  craft(directory, (database) => {
    database.exec('BEGIN IMMEDIATE')
    result = body()
  })
  return result as T
}
