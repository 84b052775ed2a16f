import { hasCode, KeyForm, Mode, QUEUE_KEYS } from '@diskcache/core'
import { type CacheDirectory, isValueFilename, type PageRow } from '@diskcache/core/sqlite'
import { ChecksumCheck } from '../upkeep/checksum-check.ts'
import type { EntrySample } from './directory-examination.ts'

/** The number of entries that are looked at, in so many places, and the bytes of their values, in rows and in files. */
const MOST_ENTRIES = 2_000
const PLACES = 100
const MOST_BYTES = 64 * 2 ** 20

/** A difference of clocks that is none, in milliseconds. */
const CLOCK_TOLERANCE = 60_000

type Counts = { -readonly [Name in Exclude<keyof EntrySample, 'isAll'>]: number }

/** Looks at entries of a directory that is open: all, or some from many places. `now` is in epoch milliseconds. */
export function sampleEntries(directory: CacheDirectory, entries: number, now: number): EntrySample {
  const counts: Counts = {
    entries: 0,
    wrongChecksums: 0,
    missingFiles: 0,
    unreadableFiles: 0,
    unverified: 0,
    future: 0,
    aheadBy: 0,
    pickledKeys: 0,
    pickledValues: 0,
    tagged: 0,
    items: 0,
  }
  const checksums = new ChecksumCheck(directory)
  let [inline, files] = [0, 0]
  for (const row of rowsOf(directory, entries)) {
    if (typeof row.value === 'string' || Buffer.isBuffer(row.value)) inline += row.value.length
    files += Number(row.size)
    counts.entries++
    note(counts, row, now)
    noteValue(counts, row, { directory, checksums, mayRead: files <= MOST_BYTES })
    if (inline > MOST_BYTES) break
  }
  return { ...counts, isAll: counts.entries >= entries && files <= MOST_BYTES }
}

/** Iterates over all rows where they are few, and else over some from places all over the table. */
function* rowsOf(directory: CacheDirectory, entries: number): Generator<PageRow> {
  const limit = MOST_ENTRIES / PLACES
  const newest = directory.entries.newestRowid()
  const bounds = { newest, now: Number.NEGATIVE_INFINITY, limit }
  const isFew = entries <= MOST_ENTRIES
  let last = 0n
  for (let place = 0; place < PLACES; place++) {
    // Rows that were removed leave gaps, so that two places may lead to the same rows: those count once.
    const start = isFew ? last : (newest * BigInt(place)) / BigInt(PLACES)
    const rows = directory.entryPages.byRowid(start > last ? start : last, false, bounds)
    if (rows.length === 0) return
    yield* rows
    last = rows.at(-1)?.rowid ?? last
  }
}

/** Counts what the columns of a row say. */
function note(counts: Counts, { key, raw, mode, storeTime, tag }: PageRow, now: number): void {
  const ahead = typeof storeTime === 'number' ? storeTime * 1_000 - now : 0
  if (ahead > CLOCK_TOLERANCE) counts.future++
  counts.aheadBy = Math.max(counts.aheadBy, Math.round(ahead))
  if (Number(raw) === KeyForm.pickle) counts.pickledKeys++
  if (Number(mode) === Mode.pickle) counts.pickledValues++
  if (tag !== null) counts.tagged++
  if (typeof key === 'bigint' && key >= QUEUE_KEYS.min && key <= QUEUE_KEYS.max) counts.items++
}

interface ValueCheck {
  readonly directory: CacheDirectory
  readonly checksums: ChecksumCheck
  readonly mayRead: boolean
}

/** Counts what is wrong with the value of a row, as far as it may be read. */
function noteValue(counts: Counts, row: PageRow, { directory, checksums, mayRead }: ValueCheck): void {
  try {
    if (row.filename !== null && !isThere(directory, row.filename, row.size)) {
      counts.missingFiles++
      return
    }
    if (!mayRead || !directory.sums.isOn) return
    const finding = checksums.findingOf(row)
    if (finding === 'wrong') counts.wrongChecksums++
    if (finding === 'unverified') counts.unverified++
  } catch (error) {
    if (!hasCode(error, 'ERR_DISKCACHE_IO')) throw error
    counts.unreadableFiles++
  }
}

function isThere({ files }: CacheDirectory, filename: string, size: bigint): boolean {
  return isValueFilename(filename) && files.status(filename)?.size === Number(size)
}
