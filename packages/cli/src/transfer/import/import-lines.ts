import { Failure } from '../../terminal/failure.ts'
import { linesOf, type NumberedLine } from '../lines/line-reader.ts'
import { linePart } from '../lines/part-line.ts'
import { type OpenedLine, openLine, WrongLine } from '../lines/sealed-line.ts'

/** An import that cannot go on. What came before is stored. */
export class ImportError extends Failure {}

/** Stands for a value that the export could not read to its end. */
export class BrokenValue extends Error {}

/** The lines of an export, one after the other. */
export class ImportLines {
  readonly #lines: AsyncGenerator<NumberedLine, void, void>
  #number = 0
  #position = 0
  #length = 0
  /** Whether every line must have a sum, as the first one says. */
  isSealed = false

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#lines = linesOf(source)
  }

  /** The position after the line that was read last, in bytes. */
  get position(): number {
    return this.#position
  }

  /** The length of the line that was read last, in bytes. */
  get length(): number {
    return this.#length
  }

  /** Returns the next line, or `undefined` at the end. The sum of a part goes on from that of the line before. */
  async next(seed = 0): Promise<OpenedLine | undefined> {
    const line = await this.#read()
    if (line !== undefined && this.isSealed && !line.isEnded) throw this.wrong('it is cut off')
    return line && this.at(() => openLine(line.bytes, this.isSealed, seed))
  }

  /** Passes over the lines up to a position; throws `ImportError` where there is none. */
  async skipTo(position: number): Promise<void> {
    while (this.#position < position) if ((await this.#read()) === undefined) break
    if (this.#position === position) return
    throw new ImportError('the checkpoint names a place that is not there: the file was changed since')
  }

  /** Runs what reads the line; throws `ImportError`, which names it, in place of `WrongLine`. */
  at<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw this.#named(error, this.#number)
    }
  }

  /** Returns the error that the line is not as it must be. */
  wrong(message: string): ImportError {
    return new ImportError(`line ${this.#number}: ${message}`)
  }

  /** Ends the source. */
  async end(): Promise<void> {
    await this.#lines.return()
  }

  async #read(): Promise<NumberedLine | undefined> {
    const { value: line } = await this.#lines.next().catch((error: unknown) => {
      throw this.#named(error, this.#number + 1)
    })
    if (line === undefined) return undefined
    this.#number = line.number
    this.#position = line.end
    this.#length = line.bytes.length
    return line
  }

  #named(error: unknown, number: number): unknown {
    return error instanceof WrongLine
      ? new ImportError(`line ${number}: ${error.message}`, { cause: error })
      : error
  }
}

/** The parts of a value, on the lines that follow its own. */
export class Parts {
  readonly #lines: ImportLines
  readonly #signal: AbortSignal | undefined
  #number = 0
  #sum: number
  #isDone = false

  constructor(lines: ImportLines, sum: number, signal: AbortSignal | undefined) {
    this.#lines = lines
    this.#sum = sum
    this.#signal = signal
  }

  /** Gives the bytes; throws `BrokenValue` after the last where the export could not read on. */
  async *bytes(): AsyncGenerator<Buffer, void, void> {
    while (!this.#isDone) yield await this.#next()
  }

  /** Passes over what was not asked for. */
  async drain(): Promise<void> {
    while (!this.#isDone) await this.#next()
  }

  async #next(): Promise<Buffer> {
    this.#signal?.throwIfAborted()
    const line = await this.#lines.next(this.#sum)
    if (line === undefined) throw new ImportError('the file ends within a value')
    const { bytes, end } = this.#lines.at(() => linePart(line.members, this.#number))
    this.#number++
    this.#sum = line.sum
    this.#isDone = end !== undefined
    if (end === 'broken') throw new BrokenValue()
    return bytes
  }
}
