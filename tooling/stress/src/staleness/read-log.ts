/** A read of one key. Times are in nanoseconds, those on the wall in epoch milliseconds. */
export interface Read {
  readonly key: number
  /** How old what it finds may be when it begins, in nanoseconds. */
  readonly staleness: number
  readonly begin: number
  readonly end: number
  readonly wallBegin: number
  readonly wallEnd: number
  /** The sequence number of the value, or `NOTHING` or `TORN`. */
  readonly version: number
}

const COLUMNS = 7

/** Reads, as numbers one after the other: a process makes hundreds of thousands. */
export class ReadLog {
  #numbers = new Float64Array(COLUMNS * 4_096)
  #length = 0

  add({ key, staleness, begin, end, wallBegin, wallEnd, version }: Read): void {
    if (this.#length === this.#numbers.length) this.#grow()
    const numbers = this.#numbers
    numbers[this.#length++] = key
    numbers[this.#length++] = staleness
    numbers[this.#length++] = begin
    numbers[this.#length++] = end
    numbers[this.#length++] = wallBegin
    numbers[this.#length++] = wallEnd
    numbers[this.#length++] = version
  }

  /** The numbers, as a process sends them. */
  pack(): Float64Array {
    return this.#numbers.slice(0, this.#length)
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#numbers.length)
    larger.set(this.#numbers)
    this.#numbers = larger
  }
}

/** The reads that {@link ReadLog.pack} has packed. */
export function* unpackReads(numbers: Float64Array): Generator<Read> {
  for (let i = 0; i < numbers.length; i += COLUMNS) {
    const [key, staleness, begin, end, wallBegin, wallEnd, version] = numbers.subarray(i, i + COLUMNS)
    yield { key, staleness, begin, end, wallBegin, wallEnd, version } as Read
  }
}

export function countReads(numbers: Float64Array): number {
  return numbers.length / COLUMNS
}
