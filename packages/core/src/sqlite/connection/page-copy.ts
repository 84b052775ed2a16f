import { DiskCacheError } from '../../contract/errors.ts'
import type { SqliteDatabase } from './engine.ts'
import { engineError } from './engine-error.ts'
import { LockWait, type Patience } from './lock-wait.ts'
import type { Work } from './work.ts'

/** SQLite's copy of all pages of one database over another, as better-sqlite3 has it below its own `backup()`. */
interface PageCopy {
  transfer(pages: number): { totalPages: number; remainingPages: number }
  close(): void
}

interface PageCopier {
  backup(database: SqliteDatabase, name: 'main', file: string, isNew: boolean): PageCopy
}

/** The number of pages that are written in one slice. */
export const PAGES_PER_SLICE = 100

/**
 * Writes all pages of `source` over the database `file`, in one transaction under SQLite's own lock, whatever stands
 * in the file: others that have it open go on with the new content. Both must have the same page size. `isWanted` is
 * asked once the lock is held; with `false` nothing is written. Returns what it returned.
 *
 * better-sqlite3's `backup()` does the same, but only for promises, so the object below it is used.
 */
export function* writePagesOver(
  source: SqliteDatabase,
  file: string,
  { patience, isWanted }: { readonly patience: Patience; readonly isWanted: () => boolean },
): Work<boolean> {
  const copy = startCopy(source, file)
  try {
    lock(copy, patience)
    if (!isWanted()) return false
    while (copy.transfer(PAGES_PER_SLICE).remainingPages > 0) yield
    return true
  } catch (error) {
    throw engineError(error, patience)
  } finally {
    copy.close()
  }
}

function startCopy(source: SqliteDatabase, file: string): PageCopy {
  const symbols = Object.getOwnPropertySymbols(source)
  const inner = symbols.map((symbol) => (source as unknown as Record<symbol, Partial<PageCopier>>)[symbol])
  const copier = inner.find((object) => typeof object?.backup === 'function') as PageCopier | undefined
  if (copier !== undefined) return copier.backup(source, 'main', file, false)
  throw new DiskCacheError(
    'ERR_DISKCACHE_ENGINE',
    'Cannot mend the database: this version of better-sqlite3 copies no pages',
  )
}

/** Takes the lock for writing. A step of no pages takes it, and says nothing of the pages while others have it. */
function lock(copy: PageCopy, patience: Patience): void {
  const wait = new LockWait(patience)
  while (copy.transfer(0).totalPages === 0) wait.sleep()
}
