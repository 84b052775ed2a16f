import { inspect } from 'node:util'
import { DiskCacheError } from '@diskcache/core'
import { openAnyStore, type StoreKind } from './open-any-store.ts'

/** A directory to be opened. */
export interface OpeningJob {
  readonly kind: StoreKind
  readonly directory: string
}

/** What became of it. */
export interface OpeningAnswer {
  /** The time from before the opening until after the closing, in milliseconds. */
  readonly ms: number
  /** `works`, the code of an error of ours, or the name and the message of another error. */
  readonly end: string
  /** All that was read, or told in an error. */
  readonly said: string
}

process.on('disconnect', () => process.exit())
process.on('message', (job: OpeningJob) => process.send?.(answerTo(job)))

function answerTo({ kind, directory }: OpeningJob): OpeningAnswer {
  const start = performance.now()
  let end = 'works'
  let said: unknown
  try {
    const store = openAnyStore(kind, directory)
    try {
      said = store.use()
    } finally {
      store.close()
    }
  } catch (error) {
    end = error instanceof DiskCacheError ? error.code : String(error)
    said = error
  }
  const ms = performance.now() - start
  return { ms, end, said: inspect(said, { depth: 5, maxStringLength: 10_000 }) }
}
