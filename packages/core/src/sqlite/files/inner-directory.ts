import { lstatSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { DiskCacheError } from '../../contract/errors.ts'
import { withFileErrors } from '../../contract/file-error.ts'

/**
 * Returns a path below the directory `root`, none of whose parts is a link, as far as they are there: one would lead out
 * of the directory.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT
 */
export function innerDirectory(root: string, path: string): string {
  let part = root
  for (const name of relative(root, path).split(sep)) {
    part = join(part, name)
    const status = withFileErrors('open', part, () => lstatSync(part, { throwIfNoEntry: false }))
    if (status === undefined) break
    if (!status.isSymbolicLink()) continue
    const message = `Cannot open ${part}: it is a link, which would lead out of ${root}; mount the other place there instead`
    throw new DiskCacheError('ERR_DISKCACHE_FORMAT', message, { path: part })
  }
  return path
}
