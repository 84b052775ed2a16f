import { realpathSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DiskCacheError } from '../../contract/errors.ts'
import { withFileErrors } from '../../contract/file-error.ts'
import type { Engine } from '../connection/engine.ts'
import { syncDirectoryAsync } from '../files/file-sync.ts'
import { noCacheError } from '../files/private-directory.ts'
import { readBeginning } from '../system/regular-file.ts'
import { stageDirectory } from './staged-directory.ts'
import { type LookAtCopy, StoreCopier, type StoreCopy } from './store-copy.ts'
import { SHARD, storesBelow } from './store-tree.ts'

/** The name of the file with the number of shards, and what it holds. */
const SHARDS = 'cache.db-shards'
const SHARDS_FORM = /^\d{1,4}\n$/
const SHARDS_BYTES = 6

/** How a directory is copied. */
export interface DirectoryCopyOptions<T> {
  /** The copy of better-sqlite3 to use. */
  readonly engine: Engine
  /** Whether a cache that is in the place of the copy is replaced. */
  readonly isReplacing: boolean
  /** The longest time to wait for other processes at a time, in milliseconds. */
  readonly timeout: number
  /** Ends the copy, of which nothing is left then. */
  readonly signal?: AbortSignal | undefined
  /** What is to be known of each copy before it is published. */
  readonly look: LookAtCopy<T>
  /** Is called after each part that was done. */
  readonly onProgress: (step: CopyStep) => void
}

/** A part of the work that was done. */
export interface CopyStep {
  /** What is being done. */
  readonly phase: 'copying' | 'checking' | 'syncing'
  /** The directory of the store below that which is copied; `.` for itself. */
  readonly store: string
  /** How much of this store is done: bytes that were copied, or files that are on the disk; 0 of a check. */
  readonly done: number
  /** How much there is to do, about: a store may grow meanwhile. */
  readonly total: number
}

/** A store that was copied, and what was found out about the copy. */
export interface CopiedStore<T> extends StoreCopy {
  /** Its directory below that which was copied; `.` for itself. */
  readonly store: string
  /** What `look` resolved to. */
  readonly finding: T
}

/**
 * Copies all stores below a directory, each as it is at one moment, to a directory that appears when it is complete, and is on
 * the disk by then. Nothing is written to the source.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT when there is no store, or a shard is missing; ERR_DISKCACHE_IO, ERR_DISKCACHE_FULL,
 * ERR_DISKCACHE_CORRUPT, ERR_DISKCACHE_TIMEOUT
 */
export async function copyStores<T>(
  source: string,
  target: string,
  options: DirectoryCopyOptions<T>,
): Promise<CopiedStore<T>[]> {
  const root = withFileErrors('open', source, () => realpathSync(source))
  const stores = await storesBelow(root)
  if (stores.length === 0) throw noCacheError(root)
  const staged = await stageDirectory(root, target, options)
  try {
    const copied: CopiedStore<T>[] = []
    for (const store of stores) {
      const places = { root, path: staged.path }
      const one = await copyStore(store, places, options).catch((error) => {
        throw ofSource(error, places)
      })
      if (one !== undefined) copied.push(one)
    }
    if (copied.length === 0) throw noCacheError(root)
    refuseIncomplete(
      root,
      stores,
      copied.map(({ store }) => store),
    )
    copyNumberOfShards(root, staged.path)
    await syncDirectories(
      staged.path,
      copied.map(({ store }) => store),
    )
    options.signal?.throwIfAborted()
    await staged.publish()
    return copied
  } catch (error) {
    await staged.discard()
    throw error
  }
}

async function copyStore<T>(
  store: string,
  { root, path }: { root: string; path: string },
  { engine, timeout, signal, look, onProgress }: DirectoryCopyOptions<T>,
): Promise<CopiedStore<T> | undefined> {
  const target = join(path, store)
  await mkdir(target, { recursive: true, mode: 0o700 })
  const tell = (phase: CopyStep['phase'], done: number, total: number) =>
    onProgress({ phase, store, done, total })
  const steps = (done: number, total: number) => tell('copying', done, total)
  const copier = new StoreCopier(join(root, store), target, { engine, timeout, signal, steps })
  const copy = await copier.copy()
  if (copy === undefined) {
    await rm(join(target, 'cache.db'), { force: true })
    return undefined
  }
  tell('checking', 0, 0)
  const finding = await copier.look(look)
  await copier.sync((done, total) => tell('syncing', done, total))
  return { ...copy, store, finding }
}

/** Returns an error about damage, which is read from the copy that will be removed, as one about the source. */
function ofSource(error: unknown, { root, path }: { root: string; path: string }): unknown {
  if (!(error instanceof DiskCacheError) || error.code !== 'ERR_DISKCACHE_CORRUPT') return error
  const inSource = (text: string) => text.replaceAll(path, root)
  return new DiskCacheError(error.code, inSource(error.message), {
    cause: error.cause,
    ...(error.path === undefined ? {} : { path: inSource(error.path) }),
  })
}

/**
 * Throws where a shard is missing, or its database is empty: a copy that looks whole must not take the place of one that is.
 * Python records no number; of its shards, at least none between two others is missing.
 */
function refuseIncomplete(root: string, stores: readonly string[], copied: readonly string[]): void {
  const last = stores.findLast((store) => SHARD.test(store))
  const count = Number(numberOfShards(root) ?? Number(last ?? -1) + 1)
  for (let n = 0; n < count; n++) {
    const shard = String(n).padStart(3, '0')
    if (copied.includes(shard)) continue
    const message =
      `Cannot copy ${root}: of its ${count} shards, ${shard} is not there, or empty; restore it from a copy, ` +
      'or open the cache by its program, which begins it anew'
    throw new DiskCacheError('ERR_DISKCACHE_FORMAT', message)
  }
}

/** Returns the number of shards as it is recorded, `undefined` where it is not, or can be none. */
function numberOfShards(root: string): string | undefined {
  const text = readBeginning(join(root, SHARDS), SHARDS_BYTES)
  return text !== undefined && SHARDS_FORM.test(text) ? text : undefined
}

/** Copies the number of shards, where it is recorded and can be one. */
function copyNumberOfShards(root: string, path: string): void {
  const text = numberOfShards(root)
  if (text === undefined) return
  const target = join(path, SHARDS)
  withFileErrors('write', target, () => writeFileSync(target, text, { mode: 0o600, flush: true }))
}

/** Waits until the names of all stores are on the disk. */
async function syncDirectories(path: string, stores: readonly string[]): Promise<void> {
  const directories = new Set(['.'])
  for (const store of stores) {
    for (let inner = dirname(store); inner !== '.'; inner = dirname(inner)) directories.add(inner)
  }
  for (const directory of directories) await syncDirectoryAsync(join(path, directory))
}
