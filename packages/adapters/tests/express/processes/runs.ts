import { existsSync, readFileSync } from 'node:fs'

/** The process of each run of a handler, as servers have logged them; a line counts when it is complete. */
export function runsIn(log: string): string[] {
  return existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : []
}
