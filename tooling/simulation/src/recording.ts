import { readFileSync } from 'node:fs'

/** The bytes that an entry takes beside its value, its key left out. */
const ROW_BYTES = 100

/** The bytes of a value that is never written while keys are recorded, where nothing is known of any other. */
const ANY_BYTES = 1_000

const RECORD_BYTES = 8

/** Requests for keys, as they were recorded. */
export interface Recording {
  /** The part of all keys that are recorded. */
  readonly rate: number
  /** The keys, numbered, in the order of requests. */
  readonly requests: Uint32Array
  /** The bytes that the entry of each key takes; 0 for one that is asked for and never stored. */
  readonly takes: readonly number[]
}

/**
 * Reads what `recordKeys` has written. The last, incomplete record of a process that was killed is left out.
 *
 * @throws TypeError for a file of another form
 */
export function readRecording(file: string): Recording {
  const bytes = readFileSync(file)
  const end = bytes.indexOf('\n')
  const rate = rateIn(bytes.toString('utf8', 0, Math.max(0, end)))
  if (rate === undefined) throw new TypeError(`Cannot read ${file}: it is no recording of keys`)
  const numbers = new Map<number, number>()
  const requests: number[] = []
  const sizes: (number | undefined)[] = []
  const isStored: boolean[] = []
  for (let at = end + 1; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    const id = bytes.readUInt32LE(at)
    const done = bytes.readUInt32LE(at + 4)
    const number = numbers.get(id) ?? numbers.size
    numbers.set(id, number)
    if (done < 2) requests.push(number)
    if (done === 1 || done > 2) isStored[number] = true
    if (done > 2) sizes[number] = done - 3
  }
  const known = sizes.filter((size) => size !== undefined)
  const mean = known.length === 0 ? ANY_BYTES : known.reduce((sum, size) => sum + size, 0) / known.length
  const takes = Array.from(numbers.values(), (number) =>
    isStored[number] === true ? ROW_BYTES + (sizes[number] ?? mean) : 0,
  )
  return { rate, requests: Uint32Array.from(requests), takes }
}

function rateIn(head: string): number | undefined {
  try {
    const { format, rate } = JSON.parse(head) as { format?: unknown; rate?: unknown }
    return format === 'diskcache-keys 1' && typeof rate === 'number' && rate > 0 && rate <= 1
      ? rate
      : undefined
  } catch {
    return undefined
  }
}
