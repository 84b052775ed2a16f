import { checkSection } from '../report/check-section.ts'
import { circumstances } from '../report/circumstances.ts'
import type { Part, PartContext } from './part.ts'
import type { PartResult } from './part-result.ts'

/** Is told how the parts get on. */
export interface Watcher {
  /** `done` out of `total` steps of a part. */
  progress(part: Part, done: number, total: number, doing: string): void
  end(part: Part, result: PartResult): void
}

/** Runs the parts one after the other. One that throws is named in the results, and the next one runs. */
export async function runParts(
  parts: readonly Part[],
  quick: boolean,
  watcher: Watcher,
): Promise<PartResult[]> {
  const results: PartResult[] = []
  for (const part of parts) {
    const result = await runPart(part, quick, watcher)
    watcher.end(part, result)
    results.push(result)
  }
  return results
}

async function runPart(part: Part, quick: boolean, watcher: Watcher): Promise<PartResult> {
  const skipped: { name: string; reason: string }[] = []
  const known = { name: part.name, circumstances: circumstances(), skipped }
  const context: PartContext = {
    quick,
    progress: (done, total, doing) => watcher.progress(part, done, total, doing),
    skip: (name, reason) => skipped.push({ name, reason }),
  }
  try {
    const section = await part.run(context)
    checkSection(section)
    return { ...known, section }
  } catch (error) {
    return { ...known, error: error instanceof Error ? error.message : String(error) }
  }
}
