import { readFileSync } from 'node:fs'

/**
 * Returns the bytes that a file of this process may have at most (`ulimit -f`), `Infinity` without a limit. Only Linux
 * says it.
 */
export function fileSizeLimit(): number {
  try {
    const limit = /^Max file size\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
