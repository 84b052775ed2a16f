import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const MEMORY = '/dev/shm'

/** Calls with a directory that is in memory where that can be had: trials do not lose their power, and need no disk. */
export async function inMemory<T>(other: string, act: (directory: string) => Promise<T>): Promise<T> {
  const isThere = existsSync(MEMORY)
  if (!isThere) mkdirSync(other, { recursive: true })
  const directory = isThere ? mkdtempSync(join(MEMORY, 'diskcache-faults-')) : other
  try {
    return await act(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
