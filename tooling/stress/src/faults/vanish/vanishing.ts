import { readdirSync, renameSync, rmSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { openVanishing } from './open-vanishing.ts'

/** What happens to a directory while processes use it. */
export interface Vanishing {
  readonly name: string
  /** Whether what was in it is gone, and locks with it. */
  readonly isGone: boolean
  /**
   * Whether acknowledged writes may be lost: SQLite writes the log back whenever a handle is closed, and does that by
   * an index that others do not share any more, or into a database that was made anew beside the old log.
   */
  readonly mayLose?: true
  /** `other`: another directory of the same layout, closed; it may be taken. */
  readonly happen: (directory: string, other: string, isSharded: boolean) => void
}

export const VANISHINGS: readonly Vanishing[] = [
  { name: 'removed', isGone: true, happen: remove },
  { name: 'moved', isGone: true, happen: moveAway },
  {
    name: 'replaced',
    isGone: true,
    happen: (directory, other) => {
      moveAway(directory)
      renameSync(other, directory)
    },
  },
  {
    name: 'made anew',
    isGone: true,
    happen: (directory, _other, isSharded) => {
      remove(directory)
      const store = openVanishing(directory, isSharded)
      store.set('made anew', true)
      store.close()
    },
  },
  { name: 'log removed', isGone: false, happen: (directory) => removeFiles(directory, 'cache.db-wal') },
  {
    name: 'shared memory removed',
    isGone: false,
    mayLose: true,
    happen: (directory) => removeFiles(directory, 'cache.db-shm'),
  },
  // The old log stands beside it, and locks may come back with that.
  { name: 'database replaced', isGone: false, happen: replaceDatabases },
  {
    name: 'database removed',
    isGone: true,
    mayLose: true,
    happen: (directory) => removeFiles(directory, 'cache.db'),
  },
]

/** Writers may add files while it is being removed. */
function remove(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 5 })
}

function moveAway(directory: string): void {
  renameSync(directory, `${directory} moved`)
}

function removeFiles(directory: string, name: string): void {
  for (const path of pathsOf(directory, name)) unlinkSync(join(directory, path))
}

/** Beside the old log, as a backup is put back by somebody who does not know of it. */
function replaceDatabases(directory: string, other: string): void {
  for (const path of pathsOf(other, 'cache.db')) renameSync(join(other, path), join(directory, path))
}

function pathsOf(directory: string, name: string): string[] {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return paths.filter((path) => path === name || path.endsWith(`/${name}`))
}
