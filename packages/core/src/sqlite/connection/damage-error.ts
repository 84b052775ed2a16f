import { DiskCacheError } from '../../contract/errors.ts'

/** The codes of SQLite that no sound database brings about, whatever constant statement is run on it. */
const DAMAGE = /^SQLITE_(CORRUPT|NOTADB|CONSTRAINT|MISMATCH|IOERR_SHORT_READ)/

/** What SQLite says without a code of its own, when the header or a name in the schema is not what it was. */
const DAMAGED_SCHEMA = /^(unsupported file format|no such (table|column|index|module)|malformed |near )/

/** Errors of ours that say of a database what SQLite does not see. */
const found = new WeakSet<object>()

/** Makes the error for a database in which something is not as it was written, though SQLite reads it. */
export function damageError(state: string): DiskCacheError {
  const error = new DiskCacheError('ERR_DISKCACHE_CORRUPT', `Cannot use the database: ${state}`)
  found.add(error)
  return error
}

/**
 * Returns whether an error may come from damage to the database. A failed read of the disk may say the same, so it is
 * a suspicion until it comes back on a new handle.
 */
export function isDamage(error: unknown): boolean {
  if (typeof error === 'object' && error !== null && found.has(error)) return true
  const cause = error instanceof DiskCacheError ? error.cause : undefined
  if (!(cause instanceof Error) || cause.name !== 'SqliteError') return false
  const { code } = cause as Error & { code: string }
  return DAMAGE.test(code) || (code === 'SQLITE_ERROR' && DAMAGED_SCHEMA.test(cause.message))
}
