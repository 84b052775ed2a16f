import { closeSync, linkSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { ResolvedCacheOptions } from '@diskcache/cache'
import { DiskCacheError, hasCode } from '@diskcache/core'
import {
  createFile,
  fileError,
  innerDirectory,
  type PartialSettings,
  readBeginning,
  sharedMode,
  withFileErrors,
} from '@diskcache/core/sqlite'

const DEFAULT_COUNT = 8

/** The most shards: as many as three digits can tell apart. */
export const MAX_SHARDS = 1_000

/** The time without a new shard after which those that Python made are counted, in milliseconds. */
const QUIET_MS = 1_000

/** The time between two looks for a new shard, in milliseconds. */
const LOOK_MS = QUIET_MS / 20

/** The clock that files go by, also when a test of the application fakes that of the process later. */
const { now } = Date

const cell = new Int32Array(new SharedArrayBuffer(4))

/**
 * The name of the file that holds the number of shards in decimal. It has a form that Python's diskcache leaves
 * alone.
 */
const RECORD = 'cache.db-shards'

/** The most bytes that a record has: four digits, and one byte that would be too many. */
const RECORD_BYTES = 6

/**
 * Returns the directory of a shard, the same as in Python.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT when a link stands there
 */
export function shardDirectory(directory: string, index: number): string {
  return innerDirectory(directory, join(directory, String(index).padStart(3, '0')))
}

/** Returns whether a shard has been made. */
export function shardExists(directory: string, index: number): boolean {
  const path = join(shardDirectory(directory, index), 'cache.db')
  return withFileErrors('open', path, () => statSync(path, { throwIfNoEntry: false })) !== undefined
}

/**
 * Agrees with all other processes on the number of shards and returns it: what is recorded, else what Python made,
 * else what is wanted.
 *
 * @throws DiskCacheError ERR_DISKCACHE_SHARDS when another number is wanted than there is, since most entries would
 * not be found; and when there are more shards than recorded, since another program looks for entries elsewhere
 */
export function agreeOnShards(
  directory: string,
  wanted: number | undefined,
  options: Pick<ResolvedCacheOptions, 'readonly' | 'onCorrupt' | 'settings' | 'initialSettings'>,
): number {
  const { readonly, onCorrupt } = options
  const recorded = onCorrupt === 'throw' ? readRecord(directory) : readSoundRecord(directory, readonly)
  const existing = recorded === undefined ? settledShards(directory) : countShards(directory)
  const likely = existing || wanted || DEFAULT_COUNT
  if (recorded === undefined) checkShares(likely, { ...options.initialSettings, ...options.settings })
  const count = recorded ?? record(directory, likely, readonly)
  if (wanted !== undefined && wanted !== count) {
    throw shardsError(
      directory,
      `with ${wanted} shards: it has ${count}; leave the option shards out, or copy the entries to a new directory`,
    )
  }
  if (existing > count) {
    throw shardsError(
      directory,
      `with ${count} shards: it has ${existing}, since Python opened it with another number; use one number in both`,
    )
  }
  return count
}

/** Throws `RangeError` when the settings of all shards together leave one of so many without any entry. */
export function checkShares(count: number, { maxEntries = Infinity }: PartialSettings): void {
  if (maxEntries >= count) return
  const expected = `expected at least ${count}, one for each shard, or Infinity`
  throw new RangeError(`Cannot use maxEntries: ${expected}, got ${maxEntries}`)
}

/** Records the number of shards and returns the number that is recorded afterwards: another process may be quicker. */
function record(directory: string, count: number, readonly: boolean): number {
  if (readonly || writeRecord(directory, count)) return count
  return readRecord(directory) ?? count
}

/**
 * Writes the record, which appears together with its content, and returns `false` when another process was quicker.
 */
function writeRecord(directory: string, count: number): boolean {
  const draft = join(directory, `${RECORD}-${process.pid}-${Math.random().toString(36).slice(2)}`)
  try {
    writeShared(draft, `${count}\n`, sharedMode(directory))
    linkSync(draft, join(directory, RECORD))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw fileError(error, 'write', draft)
  } finally {
    withFileErrors('remove', draft, () => rmSync(draft, { force: true }))
  }
}

function writeShared(file: string, text: string, mode: number | undefined): void {
  const descriptor = createFile(file, mode)
  try {
    writeSync(descriptor, text)
  } finally {
    closeSync(descriptor)
  }
}

/** Returns what is recorded. In the place of a damaged record, the shards that are there are counted and recorded. */
function readSoundRecord(directory: string, readonly: boolean): number | undefined {
  try {
    return readRecord(directory)
  } catch (error) {
    const count = countShards(directory)
    if (!hasCode(error, 'ERR_DISKCACHE_FORMAT') || count === 0) throw error
    const path = join(directory, RECORD)
    if (!readonly) withFileErrors('remove', path, () => rmSync(path, { force: true }))
    return record(directory, count, readonly)
  }
}

function readRecord(directory: string): number | undefined {
  const path = join(directory, RECORD)
  const text = readBeginning(path, RECORD_BYTES)
  if (text === undefined) return undefined
  const count = /^\d{1,4}\n$/.test(text) ? Number(text) : 0
  if (count >= 1 && count <= MAX_SHARDS) return count
  throw new DiskCacheError(
    'ERR_DISKCACHE_FORMAT',
    // Not what it holds: it may be a second name of a file that nobody is to see.
    `Cannot open ${directory}: its record of the number of shards, ${RECORD}, holds no number from 1 to ${MAX_SHARDS}`,
  )
}

/**
 * Returns the number of shards that Python made. Python records nothing, and makes one shard after the other when it
 * opens a directory for the first time, so this waits until none has been added for a while.
 */
function settledShards(directory: string): number {
  for (let waited = 0; waited < 10 * QUIET_MS; waited += LOOK_MS) {
    if (countShards(directory) === 0 || readRecord(directory) !== undefined) break
    const { mtimeMs } = withFileErrors('open', directory, () => statSync(directory))
    // A time to come is no sign of a shard that was made just now.
    if (Math.abs(now() - mtimeMs) >= QUIET_MS) break
    Atomics.wait(cell, 0, 0, LOOK_MS)
  }
  return countShards(directory)
}

function countShards(directory: string): number {
  const names = withFileErrors('read', directory, () => readdirSync(directory))
  return names.filter((name) => /^\d{3}$/.test(name)).length
}

function shardsError(directory: string, why: string): DiskCacheError {
  return new DiskCacheError('ERR_DISKCACHE_SHARDS', `Cannot open ${directory} ${why}`)
}
