import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkFunction, checkOptions, type DirectoryPath, Disk, directoryPath } from '@diskcache/core'
import {
  CacheDirectory,
  dangerAt,
  databaseFacts,
  fileSizeLimit,
  isDatabaseFile,
  laterFormat,
  logBound,
  networkFileSystem,
  sqliteVersion,
} from '@diskcache/core/sqlite'
import { sqliteEngine } from '../context/engine.ts'
import { OrphanSweep } from '../upkeep/orphan-sweep.ts'
import type { DatabaseExamination, DirectoryExamination, Leftovers } from './directory-examination.ts'
import { sampleEntries } from './entry-sample.ts'

/** The largest database that SQLite checks, and whose entries are counted, in bytes: that reads all of it. */
const MOST_CHECKED = 64 * 2 ** 20

/** The number at which counting expired entries ends. */
const MOST_EXPIRED = 100_000

/** The number of directories of value files that are searched. */
const MOST_DIRECTORIES = 64

/** The options of {@link examineDirectory}. */
export interface ExamineOptions {
  /** The number of caches that are one store together and share the bound of the write-ahead log, 1 unless given. */
  shards?: number | undefined
  /** Returns the present in epoch milliseconds, `Date.now` unless given; for tests. */
  clock?: (() => number) | undefined
}

/**
 * Looks at the directory of a cache as a doctor does: at its file system, at its database, whichever codec it has, and at
 * some of its entries, and returns what was found. Nothing is written. What is wrong is found, and never thrown: a
 * directory may be missing, damaged, of a later version, or somebody else's.
 *
 * @throws TypeError for an unknown or illegal option
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cache, examineDirectory } from '@diskcache/cache'
 *
 * new Cache('cache-directory').close()
 * const { database, danger, error } = examineDirectory('cache-directory')
 * assert.deepEqual([database?.complaints, danger, error], [[], undefined, undefined])
 * ```
 */
export function examineDirectory(
  directory: DirectoryPath,
  options: ExamineOptions = {},
): DirectoryExamination {
  checkOptions('the options', options, ['shards', 'clock'])
  const { shards = 1, clock = Date.now } = options
  checkFunction('clock', clock)
  const path = directoryPath(directory)
  return {
    fileSizeLimit: fileSizeLimit(),
    networkFileSystem: networkFileSystem(path),
    danger: dangerOf(path),
    ...lookInside(path, shards, clock),
  }
}

function dangerOf(path: string): string | undefined {
  try {
    return dangerAt(path, false)
  } catch {
    // It cannot be opened either, which is told.
    return undefined
  }
}

function lookInside(path: string, shards: number, clock: () => number): Partial<DirectoryExamination> {
  try {
    const engine = engineVersions()
    try {
      return { engine, database: lookAtDatabase(path, shards, clock) }
    } catch (error) {
      return { engine, error, ...fileFacts(path) }
    }
  } catch (error) {
    return { error }
  }
}

function engineVersions(): NonNullable<DirectoryExamination['engine']> {
  const engine = sqliteEngine()
  return { version: versionOf(engine.copy), sqlite: sqliteVersion(engine) }
}

/** Returns the version of the package in a directory; a bundle does not tell it. */
function versionOf(directory: string): string {
  try {
    return String(JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')).version)
  } catch {
    return 'unknown'
  }
}

function lookAtDatabase(path: string, shards: number, clock: () => number): DatabaseExamination {
  const directory = new CacheDirectory(path, {
    engine: sqliteEngine(),
    settings: {},
    timeout: 0,
    readonly: true,
    disk: Disk,
    acceptsAnyCodec: true,
    // Illegal settings count as the defaults. Nothing else is done about damage where nothing is written.
    onCorrupt: 'quarantine',
    onUnsafe: 'ignore',
  })
  try {
    return report(directory, shards, clock)
  } finally {
    directory.close()
  }
}

function report(directory: CacheDirectory, shards: number, clock: () => number): DatabaseExamination {
  const now = clock()
  const facts = databaseFacts(directory)
  const { settings, consistency, log } = directory
  const entries = directory.counter('count')
  const most = logBound(settings.sizeLimit, { databases: shards, fileSize: fileSizeLimit() })
  return {
    ...facts,
    settings,
    entries,
    volume: directory.volume(),
    log: { bytes: log.size, most },
    expired: consistency.expired(now / 1_000, MOST_EXPIRED),
    ...(facts.databaseBytes > MOST_CHECKED ? {} : wholeDatabase(directory)),
    sample: sampleEntries(directory, entries, now),
    leftovers: leftoversIn(directory, clock),
  }
}

function wholeDatabase({
  consistency,
}: CacheDirectory): Pick<DatabaseExamination, 'complaints' | 'wrongCounters'> {
  return {
    complaints: consistency.integrity(),
    wrongCounters: consistency.counters().filter(({ stored, actual }) => stored !== actual),
  }
}

function leftoversIn(directory: CacheDirectory, clock: () => number): Leftovers {
  const sweep = new OrphanSweep(directory, clock)
  let [directories, orphans] = [0, 0]
  for (const name of directory.files.directories()) {
    if (directories === MOST_DIRECTORIES) return { directories, orphans, isAll: false }
    directories++
    for (const { kind } of sweep.leftoversIn(name)) if (kind === 'orphan-file') orphans++
  }
  return { directories, orphans, isAll: true }
}

/** Returns what can be said of a database that cannot be opened as one of a cache. */
function fileFacts(path: string): Pick<DirectoryExamination, 'isDatabaseFile' | 'laterFormat'> {
  try {
    return {
      isDatabaseFile: isDatabaseFile(join(path, 'cache.db')),
      laterFormat: laterFormat(path, sqliteEngine()),
    }
  } catch {
    return {}
  }
}
