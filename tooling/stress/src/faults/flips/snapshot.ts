import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** The files of a directory that nobody has open, by their paths in it. */
export type Snapshot = ReadonlyMap<string, Buffer>

/** Reads a directory, without SQLite's shared memory, which is made anew. */
export function takeSnapshot(directory: string): Snapshot {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('-shm'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
  return new Map(paths.map((path) => [relative(directory, path), readFileSync(path)]))
}

export function writeSnapshot(snapshot: Snapshot, directory: string): void {
  for (const folder of new Set([...snapshot.keys()].map(dirname)))
    mkdirSync(join(directory, folder), { recursive: true, mode: 0o700 })
  for (const [path, bytes] of snapshot) writeFileSync(join(directory, path), bytes, { mode: 0o600 })
}
