import { join } from 'node:path'
import { checkChoice, checkString, quote } from '@diskcache/core'
import { innerDirectory } from '@diskcache/core/sqlite'

/** The kinds of stores that can live inside a `FanoutCache`, each under a name of its own. */
export type SubStoreKind = 'cache' | 'deque' | 'index'

const KINDS: readonly SubStoreKind[] = ['cache', 'deque', 'index']

/** The characters that one file system or another gives a meaning. */
const SPECIAL = /[\p{Cc}\\:*?"<>|]/u

/**
 * Returns the directory of a named store: its kind, then the parts of its name between slashes, as in Python.
 *
 * @throws TypeError, RangeError for a name that could lead elsewhere
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT when a part of the path is a link
 */
export function subStoreDirectory(directory: string, kind: SubStoreKind, name: string): string {
  checkChoice('kind', kind, KINDS)
  const parts = checkString('name', name).split('/')
  if (!parts.every(isPlain)) {
    throw new RangeError(
      `Cannot use the name ${quote(name)}: expected words between slashes, without ${quote('..')}, control or special characters`,
    )
  }
  return innerDirectory(directory, join(directory, kind, ...parts))
}

function isPlain(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..' && !SPECIAL.test(part)
}
