import { dirname } from 'node:path'
import { hasCode } from '../contract/errors.ts'
import { Connection } from './connection/connection.ts'
import { isDamage } from './connection/damage-error.ts'
import type { ConnectionOptions } from './connection/database-link.ts'
import { explainUnwritable, refuseUnwritable } from './files/unwritable-error.ts'
import type { Reserve } from './reserve.ts'

/** What opening may take. */
export interface OpenMeans {
  /** The longest time to wait for another process, in milliseconds. */
  readonly openTimeout: number
  /** The space to give up on a full disk. */
  readonly reserve: Reserve
}

/**
 * Opens the database `file` and reads from it, for which SQLite needs a file of 32 KiB beside it. On a full disk the
 * reserve is given up for that; where there is none, the index of the log is kept in memory, and other processes
 * cannot use the cache until this one closes it.
 *
 * @throws DiskCacheError ERR_DISKCACHE_READONLY when this user may not write to it,
 * ERR_DISKCACHE_FULL when the disk is full and other processes have it open like this
 */
export function openConnection(
  file: string,
  options: ConnectionOptions,
  { openTimeout, reserve }: OpenMeans,
): Connection {
  if (!options.readonly) refuseUnwritable(dirname(file))
  const tryOpen = (options: ConnectionOptions) => openNow(file, options, openTimeout)
  try {
    return tryOpen(options)
  } catch (error) {
    // What is only read needs no file here, and gives up nothing of what others keep.
    if (options.readonly || !hasCode(error, 'ERR_DISKCACHE_FULL')) throw error
  }
  if (reserve.spend()) {
    try {
      return tryOpen(options)
    } catch (error) {
      // Somebody else may have taken the space.
      if (!hasCode(error, 'ERR_DISKCACHE_FULL')) throw error
    }
  }
  return tryOpen({ ...options, isAlone: true })
}

function openNow(file: string, options: ConnectionOptions, timeout: number): Connection {
  let connection: Connection | undefined
  try {
    const opened = new Connection(file, options)
    connection = opened
    opened.withTimeout(timeout, () => opened.query('SELECT 1 FROM sqlite_schema').get())
    return opened
  } catch (error) {
    // Damage is for those who mend it.
    if (connection !== undefined && isDamage(error)) return connection
    connection?.close()
    throw options.readonly ? error : explainUnwritable(error, dirname(file))
  }
}
