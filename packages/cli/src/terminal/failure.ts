import type { DiskCacheErrorCode } from '@diskcache/core'
import { escapeControls } from './escape.ts'

/** What a command exits with. */
export const ExitCode = {
  /** All is well. */
  well: 0,
  /** Something was found that one looked for, such as problems, or is not there, such as a key. */
  found: 1,
  /** The command was used wrongly, or has failed. */
  failed: 2,
  /** The user has broken it off. */
  interrupted: 130,
} as const

/** A failure whose message is for the user: what is wrong, and the way out. */
export class Failure extends Error {
  override readonly name = 'Failure'
}

/** The way out, where the message of the error does not name it already. */
const WAYS_OUT: Partial<Record<DiskCacheErrorCode, string>> = {
  ERR_DISKCACHE_TIMEOUT: 'another process is busy there; try again',
  ERR_DISKCACHE_CORRUPT: 'diskcache check DIRECTORY tells what is damaged, and --fix mends what it can',
  ERR_DISKCACHE_FULL: 'make room on the disk, or run diskcache expire DIRECTORY and diskcache cull DIRECTORY',
  ERR_DISKCACHE_FOREIGN_VALUE: 'only Python reads it; diskcache get --stored gives its bytes',
  ERR_DISKCACHE_READONLY: 'run it as the user who owns the directory',
}

/** What the system has against a file, where its own words do not name the file. */
const AGAINST_FILES: Readonly<Record<string, string>> = {
  EISDIR: 'it is a directory',
  ENOSPC: 'there is no room left on its disk',
  EDQUOT: 'this user may have no more on its disk',
  EFBIG: 'it would be larger than files may be there',
}

/** Returns the failure that an error of the system is for whoever has named the file; other errors as they are. */
export function fileFailure(error: unknown, path: string, wayOut: string): unknown {
  const why = AGAINST_FILES[String((error as NodeJS.ErrnoException).code)]
  return why === undefined ? error : new Failure(`"${path}": ${why}; ${wayOut}`, { cause: error })
}

/** Returns the one line that tells a user of a failure, without a stack or anything that a terminal would act on. */
export function failureLine(error: unknown): string {
  if (!(error instanceof Error)) return `diskcache: ${escapeControls(String(error))}`
  const { code } = error as { code?: unknown }
  const isOurs = typeof code === 'string' && code.startsWith('ERR_DISKCACHE_')
  const wayOut = isOurs ? WAYS_OUT[code as DiskCacheErrorCode] : undefined
  const message = `${error.message || error.name}${wayOut ? `; ${wayOut}` : ''}${isOurs ? ` (${code})` : ''}`
  return `diskcache: ${escapeControls(message.replaceAll(/\s*\n\s*/g, ' '))}`
}
