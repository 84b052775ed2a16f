import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What POSIX counts the size of a file in, whatever the file system does. */
const BLOCK = 512

/** What a directory takes on the disk, in bytes: its logs, and all else. */
export interface DiskUsage {
  readonly logs: number
  readonly rest: number
}

/** Returns what a directory with all below it takes on the disk, as `du` counts. */
export function diskUsage(path: string): DiskUsage {
  const status = lstatSync(path, { throwIfNoEntry: false })
  if (status === undefined) return { logs: 0, rest: 0 }
  const own = status.blocks * BLOCK
  if (!status.isDirectory()) return path.endsWith('-wal') ? { logs: own, rest: 0 } : { logs: 0, rest: own }
  let [logs, rest] = [0, own]
  for (const name of namesIn(path)) {
    const usage = diskUsage(join(path, name))
    logs += usage.logs
    rest += usage.rest
  }
  return { logs, rest }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    // Another process has removed the directory meanwhile.
    return []
  }
}
