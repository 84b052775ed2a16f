import { WrongLine } from './sealed-line.ts'

/** The longest line that is read: a key of 64 MiB takes twice as many digits. */
const MAX_LINE_BYTES = 2 ** 28

const NEWLINE = 0x0a

/** A line of a file, and where it stands. */
export interface NumberedLine {
  /** The line without its newline. */
  readonly bytes: Buffer
  /** Its number, from 1 on. */
  readonly number: number
  /** The position after it and its newline, in bytes. */
  readonly end: number
  /** Whether its newline is there: only the last line of a file may lack one. */
  readonly isEnded: boolean
}

/** Gives the lines of a source of bytes that are not empty. The last one need not end with a newline. */
export async function* linesOf(
  source: AsyncIterable<Uint8Array>,
  maxBytes = MAX_LINE_BYTES,
): AsyncGenerator<NumberedLine, void, void> {
  let [number, end] = [0, 0]
  let pieces: Buffer[] = []
  let length = 0
  for await (const bytes of source) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let at = 0
    for (let stop = chunk.indexOf(NEWLINE); stop >= 0; stop = chunk.indexOf(NEWLINE, at)) {
      const line = chunk.subarray(at, stop)
      const whole = pieces.length === 0 ? line : Buffer.concat([...pieces, line])
      number++
      end += whole.length + 1
      pieces = []
      length = 0
      at = stop + 1
      if (whole.length > 0) yield { bytes: whole, number, end, isEnded: true }
    }
    if (at < chunk.length) pieces.push(chunk.subarray(at))
    length += chunk.length - at
    if (length > maxBytes) throw new WrongLine(`it is longer than ${maxBytes} bytes`)
  }
  if (length === 0) return
  yield { bytes: Buffer.concat(pieces), number: number + 1, end: end + length, isEnded: false }
}
