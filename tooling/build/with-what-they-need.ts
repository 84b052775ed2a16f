import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Returns these built files, and all that they import from each other, directly or not. Types are imported as `.js`, too. */
export function withWhatTheyNeed(paths: readonly string[], extension: '.js' | '.d.ts'): string[] {
  const needed = new Set(paths)
  // A set goes on with what is added meanwhile.
  for (const path of needed) {
    for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(/['"](\.\.?\/[^'"\n]*)\.js['"]/g))
      needed.add(join(dirname(path), `${name}${extension}`))
  }
  return [...needed]
}
