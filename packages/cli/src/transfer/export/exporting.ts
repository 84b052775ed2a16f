import {
  Disk,
  type Entry,
  hasCode,
  type Key,
  KeyForm,
  type ListedEntry,
  Mode,
  type Tag,
} from '@diskcache/core'
import { entryLine, type LineOptions } from '../lines/entry-line.ts'
import { type Counts, endLine, headerLine, type Mark, markLine } from '../lines/frame-lines.ts'
import { sealLine } from '../lines/sealed-line.ts'
import { bytesOfStored, type StoredHead, StoredValue } from '../lines/stored-value.ts'
import type { Source } from '../stores/source.ts'
import { keyOf, knownCodec } from '../stores/stored-disk.ts'
import { batches, isLarge } from './batches.ts'
import { alone, isDamage, partLines } from './export-parts.ts'
import { type WrittenValue, writtenValue } from './value-form.ts'
import { valueStream } from './value-stream.ts'

/** Why an entry is not in an export. */
export type LeftOut = 'python' | 'damaged'

/** The entries that are meant. */
export interface ExportFilter {
  /** Only entries whose key is a string that begins so. */
  readonly prefix?: string | undefined
  /** Only entries with this tag. */
  readonly tag?: Tag | undefined
}

/** The options of an export. */
export interface ExportOptions extends ExportFilter {
  /** The last mark of an unfinished export, after which it goes on. */
  readonly after?: Mark | undefined
  /** Is told of an entry that is left out. */
  readonly onLeftOut?: ((entry: ListedEntry, why: LeftOut) => void) | undefined
  /** Is told how many entries were looked at, and how many there are, about. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** The entries of a store as the lines of an export. */
export class Export {
  readonly #source: Source
  readonly #options: ExportOptions
  readonly #codec: Disk | undefined
  readonly #counts: { -readonly [Name in keyof Counts]: Counts[Name] }

  constructor(source: Source, options: ExportOptions = {}) {
    this.#source = source
    this.#options = options
    this.#codec = knownCodec(source.about.codec)
    this.#counts = { ...(options.after?.counts ?? { entries: 0, python: 0, damaged: 0, expired: 0 }) }
  }

  /** What was counted so far. */
  get counts(): Counts {
    return { ...this.#counts }
  }

  /** Gives the lines, several at a time, in the order of insertion; without the first one where it goes on. */
  async *lines(): AsyncGenerator<Buffer, void, void> {
    const { after, onProgress } = this.#options
    if (after === undefined) yield sealLine(exportHeader(this.#source, this.#options)).bytes
    let done = Object.values(this.#counts).reduce((sum, count) => sum + count, 0)
    // By a prefix, a listing would look at all of its keys for each page.
    for await (const { entries, total } of this.#source.pages(this.#options.tag, after?.place)) {
      for (const batch of batches(entries)) {
        yield* this.#batch(batch)
        const { place } = batch.at(-1) as ListedEntry
        if (this.#source.isOrdered) yield sealLine(markLine({ counts: this.#counts, place })).bytes
        done += batch.length
        onProgress?.(done, Math.max(done, total))
      }
    }
    yield sealLine(endLine(this.#counts)).bytes
  }

  async *#batch(batch: readonly ListedEntry[]): AsyncGenerator<Buffer, void, void> {
    const live = batch.filter((entry) => this.#isMeant(entry) && this.#isLive(entry))
    const [first] = live
    if (first !== undefined && isLarge(first)) return yield* this.#large(first)
    const found = await this.#read(live)
    const lines = live.map((listed, i) => this.#line(listed, found[i]))
    yield Buffer.concat(lines.filter((line) => line !== undefined))
  }

  #isMeant({ encodedKey: { key } }: ListedEntry): boolean {
    const { prefix } = this.#options
    return prefix === undefined || (typeof key === 'string' && key.startsWith(prefix))
  }

  /** Counts what is not read at all. */
  #isLive(listed: ListedEntry): boolean {
    const { expireTime, encodedKey, kind, isDamaged } = listed
    if (encodedKey.form === KeyForm.pickle || kind === 'pickle') this.#leaveOut(listed, 'python')
    else if (isDamaged) this.#leaveOut(listed, 'damaged')
    else if (expireTime !== null && expireTime <= Date.now()) this.#counts.expired++
    else return true
    return false
  }

  #leaveOut(listed: ListedEntry, why: LeftOut): void {
    this.#counts[why]++
    this.#options.onLeftOut?.(listed, why)
  }

  async #read(live: readonly ListedEntry[]): Promise<(Entry<unknown> | undefined)[]> {
    const entries = await this.#source.store.getEntries(live.map(keyOfListed)).catch((error: unknown) => {
      if (isDamage(error)) return live.map(() => undefined)
      throw error
    })
    const found: (Entry<unknown> | undefined)[] = []
    for (const [i, listed] of live.entries()) found.push(entries[i] ?? (await this.#readAlone(listed)))
    return found
  }

  /** Reads an entry that was not found, or that may be why others were not: it is gone, has expired, or is damaged. */
  async #readAlone(listed: ListedEntry): Promise<Entry<unknown> | undefined> {
    const key = keyOfListed(listed)
    try {
      const entry = await this.#source.store.getEntry(key)
      if (entry !== undefined) return entry
      if (await this.#source.store.has(key)) this.#leaveOut(listed, 'damaged')
      else if (listed.expireTime !== null && listed.expireTime <= Date.now()) this.#counts.expired++
    } catch (error) {
      this.#leaveOutFor(error, listed)
    }
    return undefined
  }

  #leaveOutFor(error: unknown, listed: ListedEntry): void {
    if (!isDamage(error)) throw error
    this.#leaveOut(listed, hasCode(error, 'ERR_DISKCACHE_FOREIGN_VALUE') ? 'python' : 'damaged')
  }

  /** Returns the line of an entry, or `undefined` for one that its codec cannot have written. */
  #line(listed: ListedEntry, entry: Entry<unknown> | undefined): Buffer | undefined {
    if (entry === undefined) return undefined
    try {
      const value = writtenValue(storedOf(entry.value), this.#codec)
      const { bytes } = sealLine(entryLine(lineOptions(listed, entry), value, this.#metadata(entry)))
      this.#counts.entries++
      return bytes
    } catch (error) {
      this.#leaveOutFor(error, listed)
      return undefined
    }
  }

  /** Returns the metadata of an entry, if it has any. */
  #metadata({ metadata }: Pick<Entry<unknown>, 'metadata'>): WrittenValue | undefined {
    if (metadata === undefined) return undefined
    if (metadata instanceof StoredValue) return writtenValue(metadata, this.#codec)
    // What was read as a stream on Redis was decoded.
    const { mode, data } = new Disk().encodeValue(metadata)
    return writtenValue(new StoredValue(mode, data), this.#codec)
  }

  /** Gives the lines of an entry whose value is in parts. */
  async *#large(listed: ListedEntry): AsyncGenerator<Buffer, void, void> {
    const parts = (await this.#stream(listed)) ?? (await this.#whole(listed))
    if (parts === undefined) return
    const { options, head, metadata, source } = parts
    const end = yield* partLines(entryLine(options, { parts: head }, metadata), source)
    if (end === 'whole') this.#counts.entries++
    else this.#leaveOut(listed, 'damaged')
  }

  /** Returns a value as a stream, where it can be read as one. */
  async #stream(listed: ListedEntry): Promise<PartedValue | undefined> {
    const found = await valueStream(this.#source, listed)
    if (found === undefined) return undefined
    const { tags, expireTime } = found.listed
    const options = lineOptions(found.listed, { tags, expireTime: expireTime && Math.round(expireTime) })
    return { options, head: found.head, metadata: this.#metadata(found), source: found.stream }
  }

  /** Returns a value that is read whole, as it is stored. */
  async #whole(listed: ListedEntry): Promise<PartedValue | undefined> {
    const [entry] = await this.#read([listed])
    if (entry === undefined) return undefined
    const { head, bytes } = bytesOfStored(storedOf(entry.value))
    const metadata = this.#metadata(entry)
    return { options: lineOptions(listed, entry), head, metadata, source: alone(bytes) }
  }
}

interface PartedValue {
  readonly options: LineOptions
  readonly head: StoredHead
  readonly metadata: WrittenValue | undefined
  readonly source: AsyncIterable<Uint8Array>
}

/** Returns the first line of an export, without its checksum. */
export function exportHeader({ about }: Pick<Source, 'about'>, { prefix, tag }: ExportFilter): string {
  const isPart = prefix !== undefined || tag !== undefined
  const only = isPart ? { only: { prefix, tag: tag === undefined ? tag : String(tag) } } : {}
  return headerLine({ created: new Date().toISOString(), from: about, ...only, sums: true })
}

function keyOfListed({ encodedKey }: ListedEntry): Key {
  return keyOf(encodedKey) as Key
}

function lineOptions(
  { encodedKey, pin = false }: ListedEntry,
  { expireTime, tags }: Omit<Entry<unknown>, 'value'>,
): LineOptions {
  return { key: keyOf(encodedKey), expireTime, tags, pin }
}

/** What was written as a stream is not the codec's, which so gives no `StoredValue`. */
function storedOf(value: unknown): StoredValue {
  return value instanceof StoredValue ? value : new StoredValue(Mode.stream, value as Buffer)
}
