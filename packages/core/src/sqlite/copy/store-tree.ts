import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError } from '../../contract/file-error.ts'
import { statusAt } from '../system/regular-file.ts'

/** The names of the directories of shards. */
export const SHARD = /^\d{3}$/

/** The directories below which named stores are. */
export const NAMED: ReadonlySet<string> = new Set(['cache', 'deque', 'index'])

/**
 * Resolves to the directories with a database below `root`, relative to it, in a fixed order: its own, those of shards, and
 * those of named stores. No link is followed.
 *
 * @throws DiskCacheError ERR_DISKCACHE_IO
 */
export async function storesBelow(root: string): Promise<string[]> {
  const stores = hasDatabase(root) ? ['.'] : []
  for (const name of await subdirectories(root)) {
    if (SHARD.test(name) && hasDatabase(join(root, name))) stores.push(name)
    if (NAMED.has(name)) stores.push(...(await namedStores(root, name)))
  }
  return stores
}

/** Names of stores have slashes: one may stand in the directory of another, beside its files. */
async function namedStores(root: string, path: string): Promise<string[]> {
  const stores: string[] = []
  for (const name of await subdirectories(join(root, path))) {
    const inner = join(path, name)
    if (hasDatabase(join(root, inner))) stores.push(inner)
    stores.push(...(await namedStores(root, inner)))
  }
  return stores
}

function hasDatabase(directory: string): boolean {
  return statusAt(join(directory, 'cache.db')) !== undefined
}

async function subdirectories(directory: string): Promise<string[]> {
  let entries: Dirent[]
  try {
    entries = await readdir(directory, { withFileTypes: true })
  } catch (error) {
    // Directories of value files go when they are empty.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw fileError(error, 'read', directory)
  }
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}
