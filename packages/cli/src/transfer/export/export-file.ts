import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Failure } from '../../terminal/failure.ts'
import { type Header, lineHeader, lineMark, type Mark } from '../lines/frame-lines.ts'
import { linesOf } from '../lines/line-reader.ts'
import { openLine, sealLine, WrongLine } from '../lines/sealed-line.ts'
import type { Source } from '../stores/source.ts'
import { type ExportFilter, exportHeader } from './exporting.ts'

/** The bytes that are collected before they are written. */
const WRITE_BYTES = 2 ** 18

/** A file that an export is written to, beside its place until it is whole. */
export class ExportFile {
  readonly #path: string
  readonly #handle: FileHandle
  /** The last mark of what was there already. */
  readonly after: Mark | undefined
  #pieces: Buffer[] = []
  #length = 0
  #position: number

  private constructor(path: string, handle: FileHandle, position: number, after: Mark | undefined) {
    this.#path = path
    this.#handle = handle
    this.#position = position
    this.after = after
  }

  /** Begins a file. An unfinished one is refused, since somebody may be writing it, or go on with it. */
  static async create(path: string): Promise<ExportFile> {
    try {
      return new ExportFile(path, await open(besideOf(path), 'wx', 0o600), 0, undefined)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      throw new Failure(`${besideOf(path)} is an unfinished export; go on with it by --resume, or remove it`)
    }
  }

  /** Goes on with an unfinished file after its last mark; begins one where there is none. */
  static async resume(path: string, source: Source, filter: ExportFilter): Promise<ExportFile> {
    const beside = besideOf(path)
    if ((await stat(beside).catch(() => undefined)) === undefined) return ExportFile.create(path)
    const { header, mark, position } = await lastMark(beside)
    if (header !== undefined && !isSame(header, lineHeader(membersOf(exportHeader(source, filter)))))
      throw new Error(
        `${beside} is an unfinished export of ${header.from.name}, or of other entries; remove it`,
      )
    const handle = await open(beside, 'r+')
    await handle.truncate(position)
    return new ExportFile(path, handle, position, mark)
  }

  /** Writes bytes, now or with those that follow. */
  async write(bytes: Buffer): Promise<void> {
    this.#pieces.push(bytes)
    this.#length += bytes.length
    if (this.#length >= WRITE_BYTES) await this.#flush()
  }

  /** Puts the file in its place. */
  async finish(): Promise<void> {
    await this.#flush()
    await this.#handle.sync()
    await this.#handle.close()
    await rename(besideOf(this.#path), this.#path)
    await syncDirectory(dirname(this.#path))
  }

  /** Leaves the file unfinished, so that an export can go on with it, and returns its path. */
  async leave(): Promise<string> {
    await this.#flush().finally(() => this.#handle.close())
    return besideOf(this.#path)
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#length = 0
    let written = 0
    while (written < bytes.length) {
      const { bytesWritten } = await this.#handle.write(bytes, written, undefined, this.#position)
      written += bytesWritten
      this.#position += bytesWritten
    }
  }
}

function besideOf(path: string): string {
  return `${path}.unfinished`
}

/** Returns the first line of a file, its last mark, and the position after that. What is torn comes after it. */
async function lastMark(
  path: string,
): Promise<{ header?: Header; mark: Mark | undefined; position: number }> {
  let header: Header | undefined
  let mark: Mark | undefined
  let [position, sum] = [0, 0]
  try {
    for await (const { bytes, end, isEnded } of linesOf(
      createReadStream(path, { highWaterMark: WRITE_BYTES }),
    )) {
      if (!isEnded) break
      // The sum of a part goes on from that of the line before.
      const line = openLine(bytes, true, bytes.indexOf('{"part":') === 0 ? sum : 0)
      sum = line.sum
      if (header === undefined) header = lineHeader(line.members)
      else if ('mark' in line.members) mark = lineMark(line.members)
      else continue
      position = end
    }
  } catch (error) {
    if (!(error instanceof WrongLine)) throw error
  }
  // Before the first mark, the export begins again.
  if (mark === undefined) return { ...(header && { header }), mark, position: 0 }
  return { ...(header && { header }), mark, position }
}

function membersOf(line: string): Record<string, unknown> {
  return openLine(sealLine(line).bytes.subarray(0, -1), true).members as Record<string, unknown>
}

function isSame(a: Header, b: Header): boolean {
  const shown = ({ from: { kind, name, codec }, only }: Header) => JSON.stringify([kind, name, codec, only])
  return shown(a) === shown(b)
}

/** Windows cannot open a directory. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}
