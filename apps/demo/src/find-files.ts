import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const ANALYSED = /\.(md|d\.[mc]?ts)$/

/** The paths of all Markdown and declaration files below `directory`, sorted; symbolic links are not followed. */
export function findFiles(directory: string): string[] {
  const files: string[] = []
  const waiting = [directory]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = join(next, entry.name)
      if (entry.isDirectory()) waiting.push(path)
      else if (entry.isFile() && ANALYSED.test(entry.name)) files.push(path)
    }
  }
  return files.sort()
}

/** At most `limit` of the paths, evenly spread, so that every part of the tree has its share. */
export function spread(paths: readonly string[], limit: number): readonly string[] {
  if (paths.length <= limit) return paths
  return Array.from({ length: limit }, (_, at) => paths[Math.floor((at * paths.length) / limit)]!)
}
