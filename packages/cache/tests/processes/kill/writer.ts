import { writeSync } from 'node:fs'
import { Cache } from '@diskcache/cache'
import { Random } from '../random.ts'
import { role } from '../role.ts'
import { FILE_FORMS, MIN_FILE_SIZE, stamped } from '../stamped-value.ts'
import { Script, SHARED_COUNTER, SHARED_FILE } from './script.ts'

export interface WriterJob {
  readonly directory: string
  readonly seed: number
  readonly writer: number
  /** The first operation to be done. */
  readonly next: number
}

role<WriterJob, never>(async ({ directory, seed, writer, next }, barrier) => {
  using cache = new Cache(directory, { minFileSize: MIN_FILE_SIZE })
  const script = new Script(seed, writer)
  await barrier()
  for (let sequence = next; ; sequence++) {
    await script.operation(sequence).apply(cache)
    acknowledge('own')
    cache.incr(SHARED_COUNTER)
    acknowledge('shared')
    const random = new Random(seed, writer, sequence)
    cache.set(SHARED_FILE, stamped({ key: SHARED_FILE, writer, sequence }, random.pick(FILE_FORMS), random))
  }
})

/** Written before anything else is done; it fails, and ends this process, when the parent is gone. */
function acknowledge(what: string): void {
  writeSync(1, `${what}\n`)
}
