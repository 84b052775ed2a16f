import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Returns every name in a directory, with its bytes, the time of its last change and its permissions. */
export function stateOf(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()
  return Object.fromEntries(['.', ...names].map((name) => [name, describe(join(directory, name))]))
}

function describe(path: string): string {
  const status = lstatSync(path, { bigint: true })
  const hash = status.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : ''
  return [status.mtimeNs, status.mode, status.uid, status.size, hash].join(' ')
}
