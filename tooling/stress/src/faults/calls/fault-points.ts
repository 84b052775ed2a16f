import { CALLS, type Call, type Fault } from './fault-control.ts'

/** An operation, and one of its system calls that fails. */
export interface FaultPoint extends Fault {
  readonly operation: string
}

/** How each call can fail. */
const ERRORS: Readonly<Record<Call, readonly string[]>> = {
  open: ['EMFILE', 'EIO', 'EACCES', 'ENOSPC'],
  read: ['EIO'],
  pread: ['EIO'],
  pwrite: ['EIO', 'ENOSPC', 'EINTR'],
  write: ['EIO', 'ENOSPC', 'EINTR'],
  fsync: ['EIO', 'ENOSPC'],
  fdatasync: ['EIO', 'ENOSPC'],
  ftruncate: ['EIO', 'ENOSPC'],
  mkdir: ['ENOSPC', 'EACCES', 'EMFILE'],
  unlink: ['EIO', 'EACCES'],
  rmdir: ['EIO', 'EBUSY'],
  'fcntl(F_SETLK)': ['ENOLCK', 'EIO'],
  mmap: ['ENOMEM'],
  fstat: ['EIO'],
}

/** Who is interrupted for ever makes no progress, rightly. */
const ONCE_ONLY = 'EINTR'

/** All points of an operation that makes so many calls of each kind. */
export function pointsOf(operation: string, seen: readonly number[]): FaultPoint[] {
  return CALLS.flatMap((call, i) =>
    ERRORS[call].flatMap((error) =>
      Array.from({ length: seen[i] ?? 0 }, (_, n) => n + 1).flatMap((nth) =>
        [false, true]
          .filter((onward) => !onward || error !== ONCE_ONLY)
          .map((onward) => ({ operation, call, error, nth, onward })),
      ),
    ),
  )
}

export function describePoint({ operation, call, error, nth, onward }: FaultPoint): string {
  return `${operation}: ${call} ${nth}${onward ? ' and all later ones' : ''} ${onward ? 'fail' : 'fails'} with ${error}`
}
