import { statSync } from 'node:fs'
import { DiskCacheError } from '../../contract/errors.ts'
import { withFileErrors } from '../../contract/file-error.ts'

interface OpenDatabase {
  copy: string
  count: number
}

/**
 * The name of the registry of open databases: which copy of SQLite has which of them open in this process. Two copies
 * on one file do not see each other's locks, and closing one drops those of the other: acknowledged writes are lost
 * without an error. All copies of this package share the registry.
 */
const REGISTRY = Symbol.for('diskcache.openDatabases')

function registry(): Map<string, OpenDatabase> {
  const scope = globalThis as { [REGISTRY]?: Map<string, OpenDatabase> }
  scope[REGISTRY] ??= new Map()
  return scope[REGISTRY]
}

/**
 * Notes that `copy` opens `file`, and returns the function that takes the note back; throws `ERR_DISKCACHE_ENGINE`
 * when another copy has it open.
 */
export function registerOpen(file: string, copy: string): () => void {
  const { dev, ino } = withFileErrors('open', file, () => statSync(file, { bigint: true }))
  const identity = `${dev}:${ino}`
  const open = registry().get(identity) ?? { copy, count: 0 }
  if (open.copy !== copy) {
    const message =
      `Cannot open ${file}: this process has it open through another copy of better-sqlite3, and two copies corrupt ` +
      `each other's locks; make one of "${open.copy}" and "${copy}" go away, for example with "npm dedupe"`
    throw new DiskCacheError('ERR_DISKCACHE_ENGINE', message)
  }
  open.count++
  registry().set(identity, open)
  return () => {
    if (--open.count === 0) registry().delete(identity)
  }
}
