import { loadavg } from 'node:os'
import { environment } from '../environment.ts'
import { checkSection } from './check-section.ts'
import type { Part } from './part.ts'
import type { PartResult, Skipped } from './part-result.ts'

/** Is told how the parts get on. */
export interface Watcher {
  begin(part: Part): void
  /** `done` out of `total` steps of the part that began last. */
  progress(done: number, total: number, doing: string): void
  end(result: PartResult): void
}

/** Runs the parts one after the other. One that throws is named in the results, and the next one runs. */
export async function runParts(
  parts: readonly Part[],
  { quick }: { readonly quick: boolean },
  watcher: Watcher,
): Promise<PartResult[]> {
  const results: PartResult[] = []
  for (const part of parts) {
    watcher.begin(part)
    const result = await runPart(part, quick, watcher)
    watcher.end(result)
    results.push(result)
  }
  return results
}

async function runPart(part: Part, quick: boolean, watcher: Watcher): Promise<PartResult> {
  const skipped: Skipped[] = []
  const begun = new Date()
  const before = {
    name: part.name,
    begun: begun.toISOString(),
    load: currentLoad(),
    environment: environment(),
    quick,
  }
  const after = () => ({ minutes: rounded((Date.now() - begun.getTime()) / 60_000), skipped })
  try {
    const section = await part.run({
      quick,
      progress: (done, total, doing) => watcher.progress(done, total, doing),
      skip: (name, reason) => skipped.push({ name, reason }),
    })
    checkSection(section)
    return { ...before, ...after(), section }
  } catch (error) {
    return { ...before, ...after(), error: error instanceof Error ? error.message : String(error) }
  }
}

function currentLoad(): number {
  return rounded(loadavg()[0] ?? 0)
}

function rounded(figure: number): number {
  return Math.round(figure * 10) / 10
}
