import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'

/** The system calls that can fail, in the order of `fail-calls.c`. */
export const CALLS = [
  ...(['open', 'read', 'pread', 'pwrite', 'write', 'fsync', 'fdatasync', 'ftruncate'] as const),
  ...(['mkdir', 'unlink', 'rmdir', 'fcntl(F_SETLK)', 'mmap', 'fstat'] as const),
]

export type Call = (typeof CALLS)[number]

export interface Fault {
  readonly call: Call
  /** The name of an errno: `EIO`. */
  readonly error: string
  /** Which call of its kind fails first; the first one is 1. */
  readonly nth: number
  /** Whether all later ones fail as well. */
  readonly onward: boolean
}

/** Where the library looks for a folder for its control files, one for each process. */
export const CONTROL_VARIABLE = 'DISKCACHE_FAIL_CONTROL'
/** The directory below which calls fail. */
export const BELOW_VARIABLE = 'DISKCACHE_FAIL_BELOW'

/** The fields before the counters: armed, call, error, nth, onward, failed. */
const FIELDS = 6
const NO_CALL = -1

/** Tells the preloaded library of this process which of its system calls fail. */
export class FaultControl {
  readonly #descriptor: number

  constructor() {
    const folder = process.env[CONTROL_VARIABLE] as string
    this.#descriptor = openSync(join(folder, `control-${process.pid}`), 'r+')
  }

  /** From now on, calls are counted, and those of the fault fail. */
  arm(fault?: Fault): void {
    const { call, error = '', nth = 0, onward = false } = fault ?? {}
    const number = call === undefined ? NO_CALL : CALLS.indexOf(call)
    const { errno } = constants
    const code = errno[error as keyof typeof errno] ?? 0
    this.#write([1, number, code, nth, Number(onward), 0, ...CALLS.map(() => 0)])
  }

  /** Gives how many calls have failed, and how many there were of each. */
  disarm(): { failed: number; seen: readonly number[] } {
    const fields = new Int32Array(FIELDS + CALLS.length)
    this.#write([0])
    readSync(this.#descriptor, fields, 0, fields.byteLength, 0)
    return { failed: fields[FIELDS - 1] as number, seen: [...fields.subarray(FIELDS)] }
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #write(fields: readonly number[]): void {
    writeSync(this.#descriptor, Int32Array.from(fields), 0, fields.length * 4, 0)
  }
}
