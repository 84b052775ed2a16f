import { type Dirent, lstatSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DiskCacheError } from '../../contract/errors.ts'
import { fileError } from '../../contract/file-error.ts'
import { Connection } from '../connection/connection.ts'
import type { Engine } from '../connection/engine.ts'
import { HARDENING } from '../connection/hardening.ts'
import { isValueFilename } from '../files/value-filename.ts'
import { inspectSchema } from '../schema/schema.ts'
import { NAMED, SHARD, storesBelow } from './store-tree.ts'

/** The names of files beside the value files: the database, what SQLite and we keep beside it, and the tag. */
const FILE =
  /^(cache\.db(-wal|-shm|-journal|-reserve|-probe|-damaged-\d+(-wal)?|-shards(-\d+-[0-9a-z]+)?)?|CACHEDIR\.TAG)$/

/** The names of the two levels of directories of value files. */
const VALUES = /^[0-9a-f]{2}$/

/** How databases are opened. */
interface OpenOptions {
  readonly engine: Engine
  readonly timeout: number
}

/**
 * Throws unless a place is a cache, with its shards and named stores, and holds nothing else: it is to be removed.
 *
 * @throws DiskCacheError ERR_DISKCACHE_IO
 */
export async function refuseUnlessCache(place: string, options: OpenOptions): Promise<void> {
  const isDirectory = lstatSync(place).isDirectory()
  const stores = isDirectory ? await storesBelow(place) : []
  if (!stores.some((store) => store === '.' || SHARD.test(store))) throw refusal(place, 'it holds no cache')
  const foreign = await foreignIn(place, '', 'store')
  if (foreign !== undefined) throw refusal(place, `it holds ${foreign}, which is no part of a cache`)
  for (const store of stores) checkDatabase(place, store, options)
}

/** What a directory of a cache is for: a store with its files, those of values, or named stores. */
type Purpose = 'store' | 'values' | 'names'

/** Resolves to the path of the first thing that no cache has, relative to `root`; `undefined` when there is none. */
async function foreignIn(root: string, path: string, purpose: Purpose): Promise<string | undefined> {
  for (const entry of await entriesOf(join(root, path))) {
    const inner = path === '' ? entry.name : `${path}/${entry.name}`
    if (entry.isDirectory()) {
      const innerPurpose = purposeOf(entry.name, inner, purpose)
      const foreign = innerPurpose === undefined ? inner : await foreignIn(root, inner, innerPurpose)
      if (foreign !== undefined) return foreign
    } else if (!entry.isFile() || !isOwnFile(entry.name, inner, purpose)) return inner
  }
  return undefined
}

/** Returns what an inner directory is for; `undefined` for one that no cache has. */
function purposeOf(name: string, inner: string, purpose: Purpose): Purpose | undefined {
  // A name has slashes: any directory may be part of one. One like that of value files may be either.
  if (purpose === 'names') return 'names'
  if (VALUES.test(name)) return 'values'
  if (purpose === 'values' || inner.includes('/')) return undefined
  if (SHARD.test(name)) return 'store'
  return NAMED.has(name) ? 'names' : undefined
}

function isOwnFile(name: string, inner: string, purpose: Purpose): boolean {
  return (purpose !== 'values' && FILE.test(name)) || isValueFilename(inner.split('/').slice(-3).join('/'))
}

function checkDatabase(place: string, store: string, { engine, timeout }: OpenOptions): void {
  try {
    // What is opened for reading alone leaves files behind.
    using connection = new Connection(join(place, store, 'cache.db'), { engine, timeout, readonly: false })
    connection.execute(HARDENING)
    inspectSchema(connection)
  } catch (error) {
    const name = join(store, 'cache.db')
    throw refusal(place, `its ${name} is not to be read as that of a cache: ${(error as Error).message}`)
  }
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true })
  } catch (error) {
    // Directories of value files go when they are empty.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw fileError(error, 'read', directory)
  }
}

function refusal(place: string, why: string): DiskCacheError {
  const message = `Cannot replace ${place}: ${why}; name another place, or remove it yourself`
  return new DiskCacheError('ERR_DISKCACHE_IO', message, { path: place })
}
