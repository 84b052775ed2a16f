import { existsSync, linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DiskCacheError, quote } from '@diskcache/core'

const DEFAULT_COUNT = 8

/** As many as three digits can tell apart. */
export const MAX_SHARDS = 1_000

/** Holds the number of shards in decimal. The name is of the form that Python's diskcache leaves alone. */
const RECORD = 'cache.db-shards'

export interface ShardCount {
  readonly count: number
  /** The directory had no shards before. */
  readonly isNew: boolean
}

/** Where a shard lives, as in Python. */
export function shardDirectory(directory: string, index: number): string {
  return join(directory, String(index).padStart(3, '0'))
}

/**
 * Agrees with all other processes on the number of shards: what is recorded, else what Python made, else what is wanted.
 * Throws `ERR_DISKCACHE_SHARDS` when another number is wanted than there is, since most entries would not be found.
 */
export function agreeOnShards(directory: string, wanted: number | undefined, readonly: boolean): ShardCount {
  const recorded = readRecord(directory)
  const existing = recorded ?? countShards(directory)
  const proposed = existing ?? wanted ?? DEFAULT_COUNT
  const isFirst = recorded === undefined && !readonly && writeRecord(directory, proposed)
  const count = recorded === undefined && !readonly ? (readRecord(directory) ?? proposed) : proposed
  if (wanted === undefined || wanted === count) return { count, isNew: isFirst && existing === undefined }
  throw new DiskCacheError(
    'ERR_DISKCACHE_SHARDS',
    `Cannot open ${directory} with ${wanted} shards: it has ${count}; leave the option shards out, or copy the entries to a new directory`,
  )
}

/** The record appears together with its content; `false` when another process was quicker. */
function writeRecord(directory: string, count: number): boolean {
  const draft = join(directory, `${RECORD}-${process.pid}-${Math.random().toString(36).slice(2)}`)
  writeFileSync(draft, `${count}\n`, { flag: 'wx', mode: 0o600 })
  try {
    linkSync(draft, join(directory, RECORD))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft)
  }
}

function readRecord(directory: string): number | undefined {
  const path = join(directory, RECORD)
  if (!existsSync(path)) return undefined
  const text = readFileSync(path, 'utf8')
  const count = /^\d{1,4}\n$/.test(text) ? Number(text) : 0
  if (count >= 1 && count <= MAX_SHARDS) return count
  throw new DiskCacheError(
    'ERR_DISKCACHE_FORMAT',
    `Cannot open ${directory}: its record of the number of shards, ${RECORD}, holds ${quote(text)}`,
  )
}

/** Python records nothing; it makes all shards when it opens a directory for the first time. */
function countShards(directory: string): number | undefined {
  const isShard = (name: string) => /^\d{3}$/.test(name) && existsSync(join(directory, name, 'cache.db'))
  return readdirSync(directory).filter(isShard).length || undefined
}
