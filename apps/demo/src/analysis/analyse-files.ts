import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Cache } from '@diskcache/cache'
import { formatCount } from '../output/figures.ts'
import type { Progress } from '../output/progress.ts'
import { runWorkers } from '../run-workers.ts'
import type { Analysis } from './analyses.ts'
import type { AnalysedFile, BatchReport } from './analysis-worker.ts'
import { pushBatches } from './batch-queue.ts'

export interface AnalysedFiles {
  readonly files: readonly AnalysedFile[]
  /** How many had to be analysed; the others were in the cache. */
  readonly misses: number
}

/** Has the files analysed by several processes, which take them from a queue in the cache that they share. */
export async function analyseFiles(
  cache: Cache,
  paths: readonly string[],
  { workers, progress }: { workers: number; progress: Progress },
): Promise<AnalysedFiles> {
  const files: AnalysedFile[] = []
  let misses = 0
  // Its own queue: what an interrupted run has left in another does not matter.
  const queue = `files of run ${randomUUID()}`
  pushBatches(cache, queue, paths)
  await runWorkers<BatchReport>({
    module: join(import.meta.dirname, 'analysis-worker.ts'),
    args: [cache.directory, queue],
    count: workers,
    onReport: (batch) => {
      files.push(...batch.files)
      misses += batch.misses
      progress.show(files.length, describeTally(files.length, misses))
    },
  })
  if (files.length === paths.length) return { files: files.sort(byPath), misses }
  throw new Error(
    `Only ${files.length} of ${paths.length} files were analysed: another process emptied the queue`,
  )
}

export function describeTally(files: number, misses: number): string {
  return `${formatCount(files - misses)} hits, ${formatCount(misses)} misses`
}

/** Which worker took which files, and when, must not show. */
function byPath(a: AnalysedFile, b: AnalysedFile): number {
  return a.path < b.path ? -1 : 1
}

/** The analyses, in the order of the files. */
export function readAnalyses(cache: Cache, files: readonly AnalysedFile[]): Analysis[] {
  const analyses = cache.getMany(files.map(({ key }) => key)) as (Analysis | undefined)[]
  return analyses.map((analysis, at) => {
    if (analysis === undefined) throw new Error(`Another process removed the analysis of ${files[at]!.path}`)
    return analysis
  })
}
