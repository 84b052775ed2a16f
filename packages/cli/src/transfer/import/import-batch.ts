import { type Key, SET_WITH_METADATA, type StreamWriteOptions, type WriteOptions } from '@diskcache/core'
import type { LineOptions } from '../lines/entry-line.ts'
import type { Destination } from '../stores/destination.ts'

/** What became of the entries of an import. */
export interface ImportCounts {
  /** Entries that are stored. */
  stored: number
  /** Entries whose key was there already, with `ifAbsent`. */
  kept: number
  /** Entries that have expired since. */
  expired: number
  /** Entries that are larger than the target takes. */
  tooLarge: number
  /** Entries that the codec of the target does not keep. */
  unfit: number
  /** Entries that the export could not read to their end. */
  broken: number
}

type WriteAlone = (store: Destination['store'], key: Key, write: StreamWriteOptions) => Promise<boolean>

/** The most entries that are written in one call, and about the most bytes. */
const MAX_ENTRIES = 1_000
const MAX_BYTES = 2 ** 22

/** Writes entries, many in one call, in their order. */
export class ImportBatch {
  readonly counts: ImportCounts
  readonly #destination: Destination
  readonly #isIfAbsent: boolean
  /** Whether entries were taken that could not be written. */
  isLost = false
  #entries: { readonly options: LineOptions; readonly value: unknown }[] = []
  #bytes = 0

  constructor(destination: Destination, isIfAbsent: boolean, counts: ImportCounts) {
    this.#destination = destination
    this.#isIfAbsent = isIfAbsent
    this.counts = counts
  }

  /** Takes an entry, whose line has so many bytes, and returns whether it is time to write. */
  add(options: LineOptions, value: unknown, bytes: number): boolean {
    this.#entries.push({ options, value })
    this.#bytes += bytes
    return this.#entries.length >= MAX_ENTRIES || this.#bytes >= MAX_BYTES
  }

  /** Writes what was taken. */
  async flush(): Promise<void> {
    const entries = this.#entries
    this.#entries = []
    this.#bytes = 0
    if (entries.length === 0) return
    this.isLost = true
    await this.#destination.atOnce(async (now) => {
      const writes = entries.flatMap(({ options, value }) => {
        const write = this.#writeOptions(options, now)
        return write === undefined ? [] : [[options.key as Key, value, write] as const]
      })
      this.#count(await this.#write(writes))
    })
    this.isLost = false
  }

  /** Writes the bytes of one entry as they come, and its metadata, after what was taken before. */
  writeStream(options: LineOptions, source: AsyncIterable<Uint8Array>, metadata: unknown): Promise<void> {
    return this.#writeAlone(options, metadata, (store, key, write) => store.write(key, source, write))
  }

  /** Writes one value and its metadata, after what was taken before. */
  writeWhole(options: LineOptions, value: unknown, metadata: unknown): Promise<void> {
    return this.#writeAlone(options, metadata, (store, key, write) =>
      store[SET_WITH_METADATA](key, value, write),
    )
  }

  async #writeAlone(options: LineOptions, metadata: unknown, run: WriteAlone): Promise<void> {
    await this.flush()
    const { store } = this.#destination
    const key = options.key as Key
    if (this.#isIfAbsent && (await store.has(key))) {
      this.counts.kept++
      return
    }
    await this.#destination.atOnce(async (now) => {
      const write = this.#writeOptions(options, now)
      if (write === undefined) return
      if (await run(store, key, { ...write, metadata })) this.counts.stored++
      else this.counts.tooLarge++
    })
  }

  async #write(writes: readonly (readonly [Key, unknown, WriteOptions])[]): Promise<boolean[]> {
    const { store } = this.#destination
    if (!this.#isIfAbsent) return store.setMany(writes)
    return Promise.all(writes.map(([key, value, options]) => store.add(key, value, options)))
  }

  #count(isStored: readonly boolean[]): void {
    const stored = isStored.filter(Boolean).length
    this.counts.stored += stored
    this.counts[this.#isIfAbsent ? 'kept' : 'tooLarge'] += isStored.length - stored
  }

  /** Returns the options of a write, or `undefined` for an entry that has expired. */
  #writeOptions({ expireTime, tags, pin }: LineOptions, now: number): WriteOptions | undefined {
    if (expireTime !== null && expireTime <= now) {
      this.counts.expired++
      return undefined
    }
    return {
      ttl: expireTime === null ? Infinity : expireTime - now,
      ...(tags.length === 0 ? {} : { tag: tags }),
      ...(pin === false ? {} : { pin }),
    }
  }
}
