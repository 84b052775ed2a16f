import { statSync } from 'node:fs'
import { DiskCacheError } from '../../contract/errors.ts'
import { withFileErrors } from '../../contract/file-error.ts'
import { isShared } from './shared-mode.ts'

/** What is done about a directory that others may change: a warning, an error, or nothing. */
export type UnsafePolicy = 'warn' | 'throw' | 'ignore'

/** Who looks at a directory. */
export interface Onlooker {
  /** The number of the user. */
  readonly user: number
  /** The numbers of the groups that the user is in. */
  readonly groups: readonly number[]
  /** Whether the directory is only read: then it may be another user's. */
  readonly readonly: boolean
}

/** What the file system says of a directory. */
export interface Ownership {
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

/** The user who may do everything, everywhere. */
const ROOT = 0

/** The bit by which everybody may write. */
const WRITABLE_BY_ALL = 0o002

const warned = new Set<string>()

/**
 * Warns, once in a process, of a directory that others may change, or refuses it. `node
 * --disable-warning=DISKCACHE_UNSAFE_DIRECTORY` silences the warning. Windows tells nothing of that.
 *
 * @throws DiskCacheError ERR_DISKCACHE_UNSAFE with the policy `throw`
 */
export function checkSafety(directory: string, policy: UnsafePolicy, readonly: boolean): void {
  const danger = policy === 'ignore' ? undefined : dangerAt(directory, readonly)
  if (danger === undefined) return
  const way = `take it from them, use another directory, or, if they are trusted, say onUnsafe: 'ignore'`
  if (policy === 'throw')
    throw new DiskCacheError('ERR_DISKCACHE_UNSAFE', `Cannot open ${directory}: ${danger}; ${way}`, {
      path: directory,
    })
  if (warned.has(directory)) return
  warned.add(directory)
  const message = `The cache in ${directory} can be changed by others: ${danger}; ${way}`
  process.emitWarning(message, { type: 'DiskCacheWarning', code: 'DISKCACHE_UNSAFE_DIRECTORY' })
}

/**
 * Returns who, beside those whom this user trusts, may change the directory at a path, as {@link dangerOf} does;
 * `undefined` for nobody, and on Windows.
 *
 * @throws DiskCacheError ERR_DISKCACHE_IO
 */
export function dangerAt(directory: string, readonly: boolean): string | undefined {
  const user = process.geteuid?.()
  if (user === undefined) return undefined
  const ownership = withFileErrors('open', directory, () => statSync(directory))
  const groups = [process.getegid?.() ?? -1, ...(process.getgroups?.() ?? [])]
  return dangerOf(ownership, { user, groups, readonly })
}

/** Returns who, beside this user, the administrator and a group that shares it, may change a directory; `undefined` for nobody. */
export function dangerOf(
  { uid, gid, mode }: Ownership,
  { user, groups, readonly }: Onlooker,
): string | undefined {
  if ((mode & WRITABLE_BY_ALL) !== 0) return 'every user of this machine may write to it'
  if (uid === user || uid === ROOT || readonly) return undefined
  return isShared(mode) && groups.includes(gid) ? undefined : `it belongs to another user (${uid})`
}
