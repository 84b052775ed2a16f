import { availableParallelism } from 'node:os'
import type { Cache } from '@diskcache/cache'
import { findFiles, spread } from '../find-files.ts'
import { formatCount } from '../output/figures.ts'
import { startProgress } from '../output/progress.ts'
import { say } from '../output/say.ts'
import { analyseFiles, describeTally, readAnalyses } from './analyse-files.ts'
import { Findings } from './findings.ts'
import { fingerprint, type Run } from './first-run.ts'

const MOST_FILES = 5_000
const WORKERS = Math.min(4, Math.max(2, availableParallelism()))

/** Analyses what is below `directory`. The time is that of everything: finding files, workers, adding up. */
export async function survey(
  cache: Cache,
  directory: string,
  output: NodeJS.WriteStream,
): Promise<{ findings: Findings; run: Run }> {
  const start = performance.now()
  const found = findFiles(directory)
  const paths = spread(found, MOST_FILES)
  say(announce(paths.length, found.length), output)
  const progress = startProgress({ total: paths.length, unit: 'files', note: describeTally(0, 0), output })
  try {
    const { files, misses } = await analyseFiles(cache, paths, { workers: WORKERS, progress })
    const findings = new Findings(files, readAnalyses(cache, files))
    const milliseconds = performance.now() - start
    return { findings, run: { milliseconds, files: files.length, misses, fingerprint: fingerprint(files) } }
  } finally {
    progress.stop()
  }
}

function announce(chosen: number, found: number): string {
  const share = chosen < found ? `${formatCount(chosen)} of ${formatCount(found)}` : formatCount(found)
  return `${share} Markdown and declaration files in node_modules, ${WORKERS} processes, one cache`
}
