import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** The content of a file, and the hash that stands for it. */
export interface SourceFile {
  readonly hash: string
  readonly bytes: Buffer
}

export function readSourceFile(path: string): SourceFile {
  const bytes = readFileSync(path)
  return { hash: createHash('sha256').update(bytes).digest('hex'), bytes }
}
