import { readFileSync } from 'node:fs'

/** A lock on a file, as Linux lists it in `/proc/locks`; see `proc_locks(5)`. */
export interface FileLock {
  readonly pid: number
  readonly isWrite: boolean
  /** The device, as `major:minor` in hexadecimal digits, and the number of the file. */
  readonly device: string
  readonly inode: bigint
  /** The first and the last byte that are locked. */
  readonly first: number
  readonly last: number
}

const LINE = /^\d+: POSIX +\S+ +(READ|WRITE) (\d+) ([0-9a-f]+:[0-9a-f]+):(\d+) (\d+) (\d+|EOF)$/

/** Returns the locks of all processes that this one knows of; `undefined` where the system does not tell. */
export function fileLocks(): FileLock[] | undefined {
  try {
    return readFileSync('/proc/locks', 'latin1').split('\n').flatMap(lockOf)
  } catch {
    return undefined
  }
}

/** Returns the lock in a line. Those that wait for one have another form, and are none. */
export function lockOf(line: string): FileLock[] {
  const [, kind, pid, device = '', inode = '', first, last] = LINE.exec(line) ?? []
  if (kind === undefined) return []
  return [
    {
      pid: Number(pid),
      isWrite: kind === 'WRITE',
      device: device.replace(/\b0+(?=\w)/g, ''),
      inode: BigInt(inode),
      first: Number(first),
      last: last === 'EOF' ? Number.POSITIVE_INFINITY : Number(last),
    },
  ]
}

/** Returns a device as it stands in a lock. */
export function deviceText(device: bigint): string {
  const major = (device >> 8n) & 0xfffn
  const minor = (device & 0xffn) | ((device >> 12n) & 0xfff00n)
  return `${major.toString(16)}:${minor.toString(16)}`
}
