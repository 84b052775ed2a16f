import { readdirSync, rmSync } from 'node:fs'

/** What has a temporary directory open, to be closed when the process or its thread ends. */
const open = new Set<() => void>()

/** Calls `close` when this thread ends, unless {@link removeTemporary} was called before; `close` has to call that. */
export function closeAtExit(close: () => void): void {
  if (open.size === 0) process.on('exit', closeAll)
  open.add(close)
}

/**
 * Removes a temporary directory after whoever made it has closed it, unless somebody else still has a database in it
 * open: who closes a database last removes its log. What cannot be removed stays, as other temporary files do.
 */
export function removeTemporary(path: string, close: () => void): void {
  open.delete(close)
  if (open.size === 0) process.off('exit', closeAll)
  try {
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
    if (!names.some((name) => name.endsWith('cache.db-wal'))) rmSync(path, { recursive: true, force: true })
  } catch {
    // Somebody removes it at the same time, or may not.
  }
}

function closeAll(): void {
  for (const close of [...open]) {
    try {
      close()
    } catch {
      // The process ends within a transaction.
    }
  }
}
