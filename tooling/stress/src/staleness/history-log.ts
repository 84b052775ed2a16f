import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

/** What a writer does to keys; each is a number, whose key is {@link keyOf} it. */
export type WriteKind = 'set' | 'delete' | 'evict' | 'touch'

/** A line of the log: a writer is about to write. */
export interface BeganLine {
  readonly sequence: number
  readonly kind: WriteKind
  readonly keys: readonly number[]
  /** The time to live that keys get, in milliseconds; `null` for none. */
  readonly ttl: number | null
  /** By the clock that is never set, in nanoseconds. */
  readonly time: number
  /** By the clock on the wall, in epoch milliseconds. */
  readonly wall: number
}

/** A line of the log: a write is committed. */
export interface DoneLine {
  readonly sequence: number
  /** Whether there was something to change. */
  readonly done: boolean
  readonly time: number
  readonly wall: number
}

/** A write of which a log tells; without `end` when its writer was killed, so that nobody knows whether it took place. */
export interface LoggedWrite {
  readonly begin: BeganLine
  readonly end?: DoneLine | undefined
}

/** The keys that are written and read. */
export const KEY_COUNT = 64

/** The tags, each of which every so manieth key has. */
export const TAG_COUNT = 4

/** How many writes a writer is to make in a second. */
export const WRITES_PER_SECOND = 1_000

export function keyOf(key: number): string {
  return `key ${key}`
}

export function tagOf(key: number): string {
  return `tag ${key % TAG_COUNT}`
}

/** The clock that all processes of a machine have in common, in nanoseconds. */
export function monotonicTime(): number {
  return Number(process.hrtime.bigint())
}

/** What a writer does, line by line, so that a `kill -9` takes away nothing. */
export class HistoryLog {
  readonly #descriptor: number

  constructor(file: string) {
    this.#descriptor = openSync(file, 'a')
  }

  began(write: Omit<BeganLine, 'time' | 'wall'>): void {
    this.#append({ ...write, time: monotonicTime(), wall: Date.now() })
  }

  done(sequence: number, done: boolean): void {
    this.#append({ sequence, done, time: monotonicTime(), wall: Date.now() })
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor)
  }

  #append(line: BeganLine | DoneLine): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`)
  }
}

/** Reads what one writer did, in its order. */
export function readLog(file: string): LoggedWrite[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  const parsed = lines.map((line) => JSON.parse(line) as BeganLine | DoneLine)
  const ends = new Map(parsed.flatMap((line) => ('done' in line ? [[line.sequence, line] as const] : [])))
  return parsed.flatMap((line) => ('kind' in line ? [{ begin: line, end: ends.get(line.sequence) }] : []))
}
