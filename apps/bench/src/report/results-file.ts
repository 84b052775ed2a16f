import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PartResult } from '../running/part-result.ts'

/** Not in the repository: the page says when and of which commit its figures are. */
const RESULTS_FILE = join(import.meta.dirname, '../../results.json')

/** What earlier runs left; nothing where there was none. */
export function readResults(file = RESULTS_FILE): PartResult[] {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
}

export function writeResults(results: readonly PartResult[], file = RESULTS_FILE): void {
  writeFileSync(file, JSON.stringify(results))
}

/**
 * New results in place of earlier ones of the same part, in the order of `names`; parts that are not there any more are
 * left out. A part that failed now keeps what it found before.
 */
export function mergeResults(
  earlier: readonly PartResult[],
  fresh: readonly PartResult[],
  names: readonly string[],
): PartResult[] {
  const byName = new Map(earlier.map((result) => [result.name, result]))
  for (const result of fresh)
    if (result.section !== undefined || byName.get(result.name)?.section === undefined)
      byName.set(result.name, result)
  return names.flatMap((name) => byName.get(name) ?? [])
}
