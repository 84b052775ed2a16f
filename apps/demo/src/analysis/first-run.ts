import { createHash } from 'node:crypto'
import type { Cache } from '@diskcache/cache'
import { formatCount, formatRatio, formatSeconds } from '../output/figures.ts'
import type { AnalysedFile } from './analysis-worker.ts'

const KEY = 'first run'

export interface Run {
  /** How long it took. */
  readonly milliseconds: number
  readonly files: number
  readonly misses: number
  /** Equal for two runs over the same files with the same contents. */
  readonly fingerprint: string
}

/** The run that filled the cache; later ones are compared with it. */
export function readFirstRun(cache: Cache): Run | undefined {
  return cache.get(KEY) as Run | undefined
}

export function keepFirstRun(cache: Cache, run: Run): void {
  cache.set(KEY, run)
}

/** `files` are sorted. */
export function fingerprint(files: readonly AnalysedFile[]): string {
  return createHash('sha256').update(JSON.stringify(files)).digest('hex')
}

export function describeFirst({ files, misses, milliseconds }: Run): string {
  const doubles = `${formatCount(files - misses)} of them with a content that had been analysed already`
  return `${formatCount(files)} files, ${doubles}: ${formatSeconds(milliseconds)}. Run it again and compare.`
}

/** One sentence that claims no more than the two runs show. */
export function compare(run: Run, first: Run | undefined): string {
  const hits = `${formatCount(run.files - run.misses)} of ${formatCount(run.files)} files answered from the cache`
  const time = formatSeconds(run.milliseconds)
  if (first === undefined)
    return `${hits}: ${time}; no first run was finished to compare that with, --fresh makes one`
  const firstTime = formatSeconds(first.milliseconds)
  if (run.misses > 0 || run.fingerprint !== first.fingerprint) {
    const analysed = `${formatCount(run.misses)} analysed`
    return `${hits}, ${analysed}: ${time}; the files have changed since the first run, which took ${firstTime} for ${formatCount(first.files)}`
  }
  const ratio = formatRatio(first.milliseconds / run.milliseconds)
  return `${hits}: ${time} instead of ${firstTime}, ${ratio} times faster`
}
