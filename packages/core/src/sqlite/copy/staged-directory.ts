import { lstatSync, mkdtempSync, realpathSync, renameSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { DiskCacheError } from '../../contract/errors.ts'
import { withFileErrors } from '../../contract/file-error.ts'
import type { Engine } from '../connection/engine.ts'
import { syncDirectoryAsync } from '../files/file-sync.ts'
import { refuseUnlessCache } from './replaceable.ts'

/** A directory that is filled beside its place, and put there when it is complete. */
export interface StagedDirectory {
  /** Where it is filled, for this user alone. */
  readonly path: string
  /** Puts it in its place, in which nobody has ever seen a part of it. */
  publish(): Promise<void>
  /** Removes what there is of it. */
  discard(): Promise<void>
}

/**
 * Makes a directory beside `target`. With `isReplacing`, what is there is removed when it is published, if it is a cache
 * and nothing else.
 *
 * @throws DiskCacheError ERR_DISKCACHE_IO when something is there that is not to be replaced, when one directory would be
 * inside the other, or when nothing can be made there
 */
export async function stageDirectory(
  source: string,
  target: string,
  { isReplacing, ...options }: { isReplacing: boolean; engine: Engine; timeout: number },
): Promise<StagedDirectory> {
  const place = realPlace(target)
  refuseNested(source, place)
  if (lstatSync(place, { throwIfNoEntry: false }) !== undefined) {
    if (!isReplacing) throw existsError(place)
    await refuseUnlessCache(place, options)
  }
  const path = withFileErrors('make', place, () => mkdtempSync(`${place}.partial-`))
  const discard = () => rm(path, { recursive: true, force: true })
  return {
    path,
    discard,
    publish: async () => {
      const replaced = isReplacing ? moveAside(place) : undefined
      try {
        if (lstatSync(place, { throwIfNoEntry: false }) !== undefined) throw existsError(place)
        withFileErrors('make', place, () => renameSync(path, place))
      } catch (error) {
        if (replaced !== undefined) renameSync(replaced, place)
        throw error
      }
      await syncDirectoryAsync(dirname(place))
      if (replaced !== undefined) await rm(dirname(replaced), { recursive: true, force: true })
    },
  }
}

/** Returns the path of a directory that need not be there, free of links but for its last part. */
function realPlace(target: string): string {
  const path = resolve(target)
  const parent = withFileErrors('make', path, () => realpathSync(dirname(path)))
  return join(parent, basename(path))
}

function refuseNested(source: string, place: string): void {
  const target = lstatSync(place, { throwIfNoEntry: false }) === undefined ? place : realpathSync(place)
  if (isInside(source, target) || isInside(target, source)) {
    const message = `Cannot copy ${source} to ${place}: one of them is inside the other`
    throw new DiskCacheError('ERR_DISKCACHE_IO', message, { path: place })
  }
}

/** Returns whether `path` is `directory` itself or inside it. */
function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(directory, way) === path
}

/** Moves what is at a place out of the way, and returns where to; `undefined` when nothing is there. */
function moveAside(place: string): string | undefined {
  if (lstatSync(place, { throwIfNoEntry: false }) === undefined) return undefined
  const aside = join(
    withFileErrors('make', place, () => mkdtempSync(`${place}.replaced-`)),
    basename(place),
  )
  withFileErrors('replace', place, () => renameSync(place, aside))
  return aside
}

function existsError(place: string): DiskCacheError {
  const message = `Cannot copy to ${place}: something is there already; name another place, or ask for it to be replaced`
  return new DiskCacheError('ERR_DISKCACHE_IO', message, { path: place })
}
