import { type BigIntStats, closeSync, fstatSync, readdirSync } from 'node:fs'

/** Where the operating system lists the descriptors of this process. Windows, whose locks belong to one, needs no list. */
export const DESCRIPTORS = process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd'

/** Descriptors that could not be closed yet. */
let kept: number[] = []

/**
 * Closes the descriptor of a database as soon as nothing else in this process has that file open, in any thread and
 * through any copy of SQLite: closing one drops the locks that the process has through the others.
 */
export function closeUnshared(descriptor: number): void {
  kept.push(descriptor)
  closeKept()
}

/** Closes what {@link closeUnshared} could not close yet, as far as that is possible now. */
export function closeKept(): void {
  const before = kept
  kept = []
  for (const each of before) {
    if (isShared(each, before)) kept.push(each)
    else closeSync(each)
  }
}

/**
 * Returns whether something in this process has a file open already, in any thread: a descriptor of it could not be closed
 * soon. Where that cannot be known, it is.
 */
export function isOpenHere({ dev, ino }: BigIntStats): boolean {
  if (process.platform === 'win32') return false
  return descriptors()?.some((one) => isOf(one, { dev, ino })) ?? true
}

function isShared(descriptor: number, own: readonly number[]): boolean {
  if (process.platform === 'win32') return false
  const { dev, ino } = fstatSync(descriptor, { bigint: true })
  const others = descriptors()?.filter((other) => !own.includes(other))
  // Without a list nothing is known, and a descriptor too many costs less than a lost lock.
  if (others === undefined) return true
  return others.some((other) => isOf(other, { dev, ino }))
}

function isOf(descriptor: number, { dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): boolean {
  const status = statusOf(descriptor)
  return status?.ino === ino && status.dev === dev
}

function descriptors(): number[] | undefined {
  try {
    return readdirSync(DESCRIPTORS).map(Number)
  } catch {
    return undefined
  }
}

function statusOf(descriptor: number) {
  try {
    return fstatSync(descriptor, { bigint: true })
  } catch {
    // The list itself was open while it was read.
    return undefined
  }
}
