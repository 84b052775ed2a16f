/** One of several processes that empty the queue. Arguments: the cache directory, the queue. */
import { Cache, type Key } from '@diskcache/cache'
import { runWorker } from '../worker.ts'
import { memoizeAnalyses } from './analyses.ts'
import { pullBatches } from './batch-queue.ts'
import { readSourceFile } from './source-file.ts'

/** What a worker says of a batch. Only keys travel: the analyses are in the cache, where the parent finds them. */
export interface BatchReport {
  readonly files: readonly AnalysedFile[]
  readonly misses: number
}

export interface AnalysedFile {
  readonly path: string
  readonly key: Key
}

await runWorker<BatchReport>(async ([directory, queue], report) => {
  let misses = 0
  using cache = new Cache(directory)
  const analyses = memoizeAnalyses(cache, () => misses++)
  for (const paths of pullBatches(cache, queue!)) {
    const files: AnalysedFile[] = []
    misses = 0
    for (const path of paths) {
      const analyse = path.endsWith('.md') ? analyses.markdown : analyses.declarations
      const file = readSourceFile(path)
      await analyse(file)
      files.push({ path, key: analyse.cacheKey(file) })
    }
    await report({ files, misses })
  }
})
