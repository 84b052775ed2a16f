import type { PartResult } from './part-result.ts'

/**
 * New results in place of earlier ones of the same part, in the order of `names`; parts that are not there any more are
 * left out. A part that failed now keeps what it found before, with the time at which it found it.
 */
export function mergeResults(
  earlier: readonly PartResult[],
  fresh: readonly PartResult[],
  names: readonly string[],
): PartResult[] {
  const byName = new Map(earlier.map((result) => [result.name, result]))
  for (const result of fresh) {
    if (result.section !== undefined || byName.get(result.name)?.section === undefined)
      byName.set(result.name, result)
  }
  return names.flatMap((name) => byName.get(name) ?? [])
}
