import { readdirSync } from 'node:fs'

const VALUE_FILE = /^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{28}\.val$/
const DATABASE_FILE = /^cache\.db(-wal|-shm|-reserve)?$/

/** The value files on disk. Throws when the directory holds anything that is neither one nor the database. */
export function valueFilesIn(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(directory.length + 1))
  const strange = paths.filter((path) => !VALUE_FILE.test(path) && !DATABASE_FILE.test(path))
  if (strange.length > 0) throw new Error(`Unexpected files: ${strange.slice(0, 5).join(', ')}`)
  return paths.filter((path) => VALUE_FILE.test(path))
}
