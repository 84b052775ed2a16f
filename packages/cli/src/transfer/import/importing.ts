import { Disk, keyText, Mode } from '@diskcache/core'
import { type LineEntry, lineEntry } from '../lines/entry-line.ts'
import { type Counts, type Header, lineEnd, lineHeader, lineMark } from '../lines/frame-lines.ts'
import { type OpenedLine, WrongLine } from '../lines/sealed-line.ts'
import { type StoredHead, StoredKey, type StoredValue, storedOfBytes } from '../lines/stored-value.ts'
import type { Destination } from '../stores/destination.ts'
import { knownCodec } from '../stores/stored-disk.ts'
import { Checkpoint } from './checkpoint.ts'
import { ImportBatch, type ImportCounts } from './import-batch.ts'
import { BrokenValue, ImportError, ImportLines, Parts } from './import-lines.ts'
import { ImportPlan, UNFIT } from './import-plan.ts'

/** The least time between two checkpoints, in milliseconds. */
const CHECKPOINT_MS = 500

/** The options of an import. */
export interface ImportOptions {
  /** Whether entries that are there stay as they are; `false` unless given. */
  readonly ifAbsent?: boolean | undefined
  /** The file that says how far the import has come. */
  readonly checkpoint?: string | undefined
  /** Ends the import after the entries that are being written. */
  readonly signal?: AbortSignal | undefined
  /** Is told of the bytes that have been read. */
  readonly onProgress?: ((bytes: number) => void) | undefined
}

/** What came of an import. */
export interface ImportResult {
  readonly counts: Readonly<ImportCounts>
  /** The number of entries that were read. */
  readonly entries: number
  /** What the last line says, or `undefined` where there is none. */
  readonly end: Counts | undefined
  /** Whether there is no last line though there must be: the export was broken off. */
  readonly isUnfinished: boolean
  /** The number of entries that were evicted meanwhile, since there was no room for all. */
  readonly evicted: number
  /** Whether the signal ended it. */
  readonly isAborted: boolean
}

/**
 * Writes the entries of an export to a target, which is opened when the first line is known.
 *
 * @throws ImportError that says which line is wrong; the entries before it are stored
 */
export async function importEntries(
  input: AsyncIterable<Uint8Array>,
  open: (header: Header) => Promise<Destination>,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const lines = new ImportLines(input)
  try {
    const first = await lines.next()
    if (first === undefined) throw new ImportError('there is nothing to import: the input is empty')
    const header = lines.at(() => lineHeader(first.members))
    if (header.sums && first.sum === 0) throw new ImportError('line 1: it was changed: its sum is gone')
    lines.isSealed = header.sums
    const destination = await open(header)
    try {
      const plan = lines.at(() => new ImportPlan(header, destination.codec))
      return await new Import(lines, destination, plan, first.sum, options).all()
    } finally {
      await destination.close()
    }
  } finally {
    await lines.end()
  }
}

class Import {
  readonly #lines: ImportLines
  readonly #destination: Destination
  readonly #plan: ImportPlan
  readonly #header: number
  readonly #options: ImportOptions
  readonly #checkpoint: Checkpoint | undefined
  readonly #counts = { stored: 0, kept: 0, expired: 0, tooLarge: 0, unfit: 0, broken: 0, entries: 0 }
  readonly #batch: ImportBatch
  #end: Counts | undefined
  /** The position after the last line that was dealt with. */
  #taken: number
  /** The position up to which every entry is stored, and the counts there. */
  #stored: { readonly position: number; readonly counts: Readonly<Record<string, number>> }
  #notedAt = performance.now()

  constructor(
    lines: ImportLines,
    destination: Destination,
    plan: ImportPlan,
    header: number,
    options: ImportOptions,
  ) {
    this.#lines = lines
    this.#destination = destination
    this.#plan = plan
    this.#header = header
    this.#options = options
    this.#checkpoint = options.checkpoint === undefined ? undefined : new Checkpoint(options.checkpoint)
    this.#batch = new ImportBatch(destination, options.ifAbsent ?? false, this.#counts)
    this.#taken = lines.position
    this.#stored = { position: lines.position, counts: this.#counts }
  }

  async all(): Promise<ImportResult> {
    await this.#goOn()
    const { signal, onProgress } = this.#options
    try {
      for (let line = await this.#lines.next(); line !== undefined; line = await this.#lines.next()) {
        await this.#take(line)
        this.#taken = this.#lines.position
        onProgress?.(this.#lines.position)
        if (signal?.aborted) break
      }
      await this.#flush(this.#taken)
    } catch (error) {
      if (error !== signal?.reason || !signal?.aborted) throw await this.#settled(error)
    }
    const isAborted = signal?.aborted ?? false
    if (isAborted || this.#isUnfinished) await this.#settled(undefined)
    else await this.#checkpoint?.remove()
    const { entries, ...counts } = this.#counts
    const evicted = this.#destination.evicted()
    return { counts, entries, end: this.#end, isUnfinished: this.#isUnfinished, evicted, isAborted }
  }

  /** Whether the end is not there, which every export has. */
  get #isUnfinished(): boolean {
    return this.#lines.isSealed && this.#end === undefined
  }

  /** Goes on where the checkpoint says, if there is one. */
  async #goOn(): Promise<void> {
    const progress = await this.#checkpoint?.read()
    if (progress === undefined) return
    if (progress.header !== this.#header)
      throw new ImportError(
        `${this.#options.checkpoint} is the checkpoint of another export; name another file`,
      )
    if (progress.target !== this.#destination.name)
      throw new ImportError(
        `${this.#options.checkpoint} is the checkpoint of an import to ${progress.target}; name another file`,
      )
    await this.#lines.skipTo(progress.position)
    Object.assign(this.#counts, progress.counts)
    this.#taken = progress.position
    this.#stored = progress
  }

  async #take(line: OpenedLine): Promise<void> {
    const { members, sum } = line
    if (this.#end !== undefined) throw this.#lines.wrong('it stands after the end')
    if ('part' in members) throw this.#lines.wrong('the line of the entry that it is a part of is not there')
    if ('mark' in members) this.#lines.at(() => lineMark(members))
    else if ('end' in members) this.#end = this.#lines.at(() => lineEnd(members))
    else
      await this.#takeEntry(
        this.#lines.at(() => this.#checked(lineEntry(members))),
        sum,
      )
  }

  async #takeEntry(entry: LineEntry, sum: number): Promise<void> {
    const { value } = entry
    if ('parts' in value) return this.#takeParts(entry, value.parts, sum)
    if ('json' in value) {
      const json = this.#lines.at(() => this.#plan.json(value.json))
      return this.#addBeside(entry, json, this.#lines.length)
    }
    const { mode, data } = value.stored
    if (mode !== Mode.stream) return this.#addStored(entry, value.stored)
    if (this.#destination.codec === Disk.codec && entry.metadata === undefined) return this.#add(entry, data)
    await this.#writeStream(entry, alone(data as Buffer))
    await this.#done()
  }

  async #writeStream(entry: LineEntry, source: AsyncIterable<Uint8Array>): Promise<void> {
    const metadata = this.#metadata(entry)
    if (metadata === UNFIT) this.#counts.unfit++
    else await this.#batch.writeStream(entry, source, metadata)
  }

  /** Returns the metadata to write, if there are any, `UNFIT` for what the target does not keep. */
  #metadata({ metadata }: LineEntry): unknown {
    if (metadata === undefined) return undefined
    return this.#lines.at(() =>
      'json' in metadata ? this.#plan.json(metadata.json) : this.#plan.stored(metadata.stored),
    )
  }

  async #takeParts(entry: LineEntry, head: StoredHead, sum: number): Promise<void> {
    const parts = new Parts(this.#lines, sum, this.#options.signal)
    try {
      if (!this.#plan.isBytes(head))
        return await this.#addStored(entry, storedOfBytes(head, await collected(parts)))
      await this.#writeStream(entry, parts.bytes())
      await parts.drain()
    } catch (error) {
      if (!(error instanceof BrokenValue)) throw error
      this.#counts.broken++
    }
    await this.#done()
  }

  async #addStored(entry: LineEntry, stored: StoredValue): Promise<void> {
    const value = this.#lines.at(() => this.#plan.stored(stored))
    return this.#addBeside(entry, value, bytesOf(stored))
  }

  /** Adds a value, with its metadata where it has any. */
  async #addBeside(entry: LineEntry, value: unknown, bytes: number): Promise<void> {
    const metadata = this.#metadata(entry)
    if (value === UNFIT || metadata === UNFIT) {
      this.#counts.unfit++
      this.#counts.entries++
    } else if (metadata === undefined) {
      await this.#add(entry, value, bytes)
    } else {
      await this.#batch.writeWhole(entry, value, metadata)
      await this.#done()
    }
  }

  async #add(entry: LineEntry, value: unknown, bytes = this.#lines.length): Promise<void> {
    const isFull = this.#batch.add(entry, value, bytes)
    if (isFull) await this.#done()
    else this.#counts.entries++
  }

  /** Stores the entries up to the one of this line, and notes that now and then. */
  async #done(): Promise<void> {
    this.#counts.entries++
    await this.#flush(this.#lines.position)
    if (performance.now() - this.#notedAt >= CHECKPOINT_MS) await this.#note()
  }

  async #flush(position: number): Promise<void> {
    await this.#batch.flush()
    this.#stored = { position, counts: { ...this.#counts } }
  }

  async #note(): Promise<void> {
    await this.#checkpoint?.write({ header: this.#header, target: this.#destination.name, ...this.#stored })
    this.#notedAt = performance.now()
  }

  /** Returns an error, after what was read before it was stored, where that can be, and noted. */
  async #settled<T>(error: T): Promise<T> {
    if (!this.#batch.isLost) await this.#flush(this.#taken)
    await this.#note()
    return error
  }

  /** Returns an entry whose key is one that the codec gives. */
  #checked(entry: LineEntry): LineEntry {
    const { key } = entry
    const codec = knownCodec(this.#destination.codec)
    if (!(key instanceof StoredKey) || codec === undefined) return entry
    try {
      const again = codec.encodeKey(codec.decodeKey(key.encoded))
      if (keyText(again) === keyText(key.encoded)) return entry
    } catch {
      // Said below.
    }
    throw new WrongLine('"id" is not the text of a key')
  }
}

async function collected(parts: Parts): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(parts.bytes()))
}

async function* alone(bytes: Buffer): AsyncGenerator<Buffer, void, void> {
  yield bytes
}

function bytesOf({ data }: StoredValue): number {
  return typeof data === 'string' || Buffer.isBuffer(data) ? data.length : 0
}
