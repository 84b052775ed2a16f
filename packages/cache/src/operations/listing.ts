import {
  BestEntries,
  classOf,
  columnsToTags,
  DiskCacheError,
  type EncodedKey,
  inflatingAtMost,
  isSliceOver,
  type Key,
  type ListedEntry,
  type ListQuery,
  type ListStep,
  nextSlice,
  type Pin,
  quote,
  type RawValue,
  type StoreFacts,
  type StoreListing,
  type SurveyGroup,
  type SurveyStep,
  stepOf,
  type ValueKind,
} from '@diskcache/core'
import {
  countsReads,
  directoryFacts,
  EntryListing,
  type EntryRow,
  EntrySurvey,
  type ListingRow,
  type SurveyRow,
  usesOf,
} from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import { DAMAGED, type ValueReader } from '../entries/value-reader.ts'
import { encodedKeyOf } from './pager.ts'

/** What a cache tells of its entries to those who look into it. It notes no read. */
export class Listing implements StoreListing {
  readonly #context: CacheContext
  readonly #reader: ValueReader

  constructor(context: CacheContext, reader: ValueReader) {
    this.#context = context
    this.#reader = reader
  }

  async *list(query: ListQuery): AsyncGenerator<ListStep, void, void> {
    this.#context.assertUsable()
    const { connection } = this.#context.directory
    const total = this.#total
    const countsUses = this.#context.directory.readSettings().evictionPolicy === 's3-fifo'
    const listing = new EntryListing(connection, query, { now: this.#context.now(), total, countsUses })
    const best = new BestEntries(query)
    for (let part = listing.next(); part !== undefined; part = listing.next()) {
      best.add(part.rows.map((row) => this.#entry(row, query)))
      const { scanned } = part
      if (listing.isInOrder && best.isFull) break
      if (!isSliceOver()) continue
      yield stepOf(best, { scanned: Math.min(scanned, total), total, isDone: false })
      await nextSlice()
      this.#context.assertUsable()
    }
    yield stepOf(best, { scanned: total, total, isDone: true })
  }

  async *survey(): AsyncGenerator<SurveyStep, void, void> {
    this.#context.assertUsable()
    const total = this.#total
    const now = this.#context.now()
    const survey = new EntrySurvey(this.#context.directory.connection, { now, total })
    let groups: SurveyGroup[] = []
    for (let part = survey.next(); part !== undefined; part = survey.next()) {
      groups.push(...part.rows.map(surveyGroup))
      if (!isSliceOver()) continue
      yield { groups, scanned: Math.min(part.scanned, total), total, isDone: false }
      groups = []
      await nextSlice()
      this.#context.assertUsable()
    }
    yield { groups, scanned: total, total, isDone: true }
  }

  async raw(key: Key): Promise<RawValue | undefined> {
    this.#context.assertUsable()
    const { disk, entries, files } = this.#context.directory
    const encodedKey = disk.encodeKey(key)
    const row = entries.find(encodedKey)
    if (row === undefined) return undefined
    const { mode, value, filename, size } = row
    const read = (mostBytes = Infinity) => inflatingAtMost(mostBytes, () => this.#read(row, encodedKey, key))
    if (filename === null) return { mode: Number(mode), data: value, filename: undefined, read }
    return { mode: Number(mode), data: files.read(filename, Number(size)) ?? null, filename, read }
  }

  async facts(): Promise<StoreFacts> {
    this.#context.assertUsable()
    const { directory } = this.#context
    return {
      ...directoryFacts(directory.connection),
      settings: { ...directory.readSettings() },
      codec: classOf(directory.disk).codec,
      entries: this.#total,
      parts: 1,
      logBytes: directory.log.size,
      fileBytes: directory.counter('size'),
    }
  }

  get #total(): number {
    return this.#context.directory.counter('count')
  }

  #read(row: EntryRow, encodedKey: EncodedKey, key: Key): unknown {
    const value = this.#reader.decode(row, encodedKey)
    if (value !== DAMAGED) return value
    const message = `Cannot read the value of ${quote(key)}: it is not what was stored`
    throw new DiskCacheError('ERR_DISKCACHE_CORRUPT', message, { key })
  }

  #entry(row: ListingRow, { order = 'insertion' }: ListQuery): ListedEntry {
    const encodedKey = encodedKeyOf(row)
    const key = this.#key(row)
    const { settings } = this.#context.directory
    const isNoted = countsReads(settings.evictionPolicy)
    const uses = settings.evictionPolicy === 's3-fifo' ? usesOf(row.accessCount) : Number(row.accessCount)
    const isIntact = key !== undefined && this.#context.directory.isKeyIntact(row, encodedKey)
    return {
      key,
      encodedKey,
      place: { by: row.by, form: order === 'key' ? encodedKey.form : 0, part: 0, row: row.rowid },
      kind: row.kind as ValueKind,
      bytes: Number(row.bytes),
      isInFile: row.filename !== null,
      storeTime: milliseconds(row.storeTime),
      accessTime: isNoted && settings.evictionPolicy !== 's3-fifo' ? milliseconds(row.accessTime) : undefined,
      expireTime: milliseconds(row.expireTime) ?? null,
      hits: isNoted ? uses : undefined,
      tags: columnsToTags(row),
      pin: pinOf(row.pin),
      isDamaged: !isIntact || (row.expireTime !== null && typeof row.expireTime !== 'number'),
    }
  }

  /** Returns the key of a row, `undefined` for one that cannot be decoded. */
  #key(row: ListingRow): Key | undefined {
    try {
      return this.#context.directory.disk.decodeKey(encodedKeyOf(row))
    } catch {
      return undefined
    }
  }
}

function milliseconds(seconds: unknown): number | undefined {
  return typeof seconds === 'number' || typeof seconds === 'bigint' ? Number(seconds) * 1e3 : undefined
}

function pinOf(pin: bigint | null): Pin {
  if (pin === null) return false
  return pin === 0n ? 'share' : true
}

function surveyGroup(row: SurveyRow): SurveyGroup {
  return {
    tags: columnsToTags(row),
    namespace: row.namespace ?? undefined,
    queue: row.queue ?? undefined,
    kind: row.kind as ValueKind,
    sizeClass: Number(row.sizeClass),
    ageHours: Number(row.ageHours),
    expiresInMinutes: row.expiresInMinutes === null ? null : Number(row.expiresInMinutes),
    entries: Number(row.entries),
    bytes: Number(row.bytes),
  }
}
