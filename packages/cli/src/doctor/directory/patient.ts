import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { DirectoryExamination } from '@diskcache/cache'
import { type LastingLocks, lastingLocks } from '../holders/lasting-locks.ts'

/** One cache of a directory: all of it, or a shard. */
export interface Part {
  /** The name of the shard, empty for a directory that is one cache. */
  readonly name: string
  readonly path: string
  readonly examination: DirectoryExamination
}

/**
 * What there is at a path:
 * - `cache`: a cache, which a deque or an index may be made of
 * - `fanout`: a cache of shards
 * - `empty`, `other`: a directory with nothing in it, or something else
 * - `missing`, `file`, `closed`: no directory, or one that this user may not look into
 */
export type PatientKind = 'cache' | 'fanout' | 'empty' | 'other' | 'missing' | 'file' | 'closed'

/** A directory that the doctor looks at, with all that several examinations need. */
export interface Patient {
  /** The real path, or the one that was given where there is nothing. */
  readonly path: string
  readonly kind: PatientKind
  /** The names of what is in it. */
  readonly names: readonly string[]
  readonly parts: readonly Part[]
  readonly locks: LastingLocks
  /** The present, in epoch milliseconds. */
  readonly now: number
}

const SHARD = /^\d{3}$/
export const SHARDS_RECORD = 'cache.db-shards'

/** Looks at a directory, and who has it open. */
export async function admit(directory: string): Promise<Patient> {
  const { path, kind, names } = placeOf(resolve(directory))
  const locks = await lastingLocks(path)
  const parts = await partsOf(path, kind, names)
  return { path, kind, names, parts, locks, now: Date.now() }
}

function placeOf(given: string): Pick<Patient, 'path' | 'kind' | 'names'> {
  const status = statusOf(given)
  if (status === undefined) return { path: given, kind: 'missing', names: [] }
  if (status === 'closed') return { path: given, kind: 'closed', names: [] }
  const path = realpathSync(given)
  if (!status.isDirectory()) return { path, kind: 'file', names: [] }
  try {
    const names = readdirSync(path).sort()
    return { path, kind: kindOf(path, names), names }
  } catch {
    return { path, kind: 'closed', names: [] }
  }
}

function statusOf(path: string): Stats | 'closed' | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? undefined : 'closed'
  }
}

function kindOf(path: string, names: readonly string[]): PatientKind {
  if (names.includes('cache.db')) return 'cache'
  if (names.includes(SHARDS_RECORD) || names.some((name) => isShard(path, name))) return 'fanout'
  return names.length === 0 ? 'empty' : 'other'
}

function isShard(path: string, name: string): boolean {
  const file = join(path, name, 'cache.db')
  return SHARD.test(name) && statSync(file, { throwIfNoEntry: false }) !== undefined
}

/** Returns the names of shards among these. */
export function shardNames(names: readonly string[]): string[] {
  return names.filter((name) => SHARD.test(name))
}

/** Examines each cache of a directory. Where better-sqlite3 is missing, not even the package that does it can be loaded. */
async function partsOf(path: string, kind: PatientKind, names: readonly string[]): Promise<Part[]> {
  const shards =
    kind === 'fanout' ? names.filter((name) => isShard(path, name)) : kind === 'cache' ? [''] : []
  const { examineDirectory } = await loadCache()
  return shards.map((name) => {
    const part = join(path, name)
    return { name, path: part, examination: examineDirectory(part, { shards: Math.max(1, shards.length) }) }
  })
}

async function loadCache(): Promise<Pick<typeof import('@diskcache/cache'), 'examineDirectory'>> {
  try {
    return await import('@diskcache/cache')
  } catch (cause) {
    const error = Object.assign(
      new Error(`Cannot load @diskcache/cache: ${(cause as Error).message}`, { cause }),
      {
        code: 'ERR_DISKCACHE_ENGINE',
      },
    )
    return { examineDirectory: () => ({ fileSizeLimit: Number.POSITIVE_INFINITY, error }) }
  }
}
