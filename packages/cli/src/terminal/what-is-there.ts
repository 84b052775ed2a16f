import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What makes a directory a cache, and the same of the first part of one that has several. */
const MARKS = ['cache.db', 'cache.db-shards', join('000', 'cache.db')]

/** So many are named of what is there instead. */
const MOST_NAMES = 3

/** So many subdirectories are looked into. */
const MOST_LOOKS = 1_000

/**
 * Tells what is at a path where a cache was expected, and where one is, as a sentence without a full stop; `undefined`
 * when there is one.
 */
export function whatIsThere(path: string): string | undefined {
  if (isCache(path)) return
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return `there is no "${path}"${beside(dirname(path))}`
  if (!stats.isDirectory()) return instead(path)
  const mark = MARKS.find((mark) => statSync(join(path, mark), { throwIfNoEntry: false }))
  if (mark !== undefined) return `"${path}" is not a cache: its "${mark}" is not a file`
  const names = readdirSync(path)
  if (names.length === 0) return `"${path}" is an empty directory, not a cache${beside(dirname(path))}`
  const caches = cachesIn(path)
  if (caches.length > 0) return `"${path}" is not a cache itself, but has some: ${listed(caches)}`
  return `"${path}" is not a cache: it has no cache.db, but ${listed(names.sort().slice(0, MOST_LOOKS))}`
}

/** A file: perhaps one of a cache. */
function instead(path: string): string {
  const above = [dirname(path), dirname(dirname(path)), dirname(dirname(dirname(path)))].find(isSeenCache)
  const tells =
    above === undefined ? 'give the directory of a cache' : `its cache is the directory "${above}"`
  return `"${path}" is a file: ${tells}`
}

function beside(folder: string): string {
  if (isSeenCache(folder)) return `; "${folder}" is a cache`
  const caches = cachesIn(folder)
  if (caches.length > 0) return `; caches beside it: ${listed(caches)}`
  return '; give the directory of a cache'
}

/** The directories in a folder that are caches, also one step further down, as those of a `FanoutCache` are. */
function cachesIn(folder: string): string[] {
  const near = foldersIn(folder)
  const caches = near.filter(isSeenCache)
  if (caches.length > 0) return caches
  return near.flatMap(foldersIn).slice(0, MOST_LOOKS).filter(isSeenCache)
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    return entries.slice(0, MOST_LOOKS).map(({ name }) => join(folder, name))
  } catch {
    // It is away, or not for this user.
    return []
  }
}

/** What is beside, and is not for this user, is no hint. */
function isSeenCache(folder: string): boolean {
  try {
    return isCache(folder)
  } catch {
    return false
  }
}

function isCache(folder: string): boolean {
  return MARKS.some((mark) => statSync(join(folder, mark), { throwIfNoEntry: false })?.isFile())
}

function listed(names: readonly string[]): string {
  const some = names.slice(0, MOST_NAMES).map((name) => `"${name}"`)
  const rest = names.length - some.length
  return rest > 0 ? `${some.join(', ')} and ${rest} more` : some.join(', ')
}
