import { strictEqual } from 'node:assert'
import { Index } from '@diskcache/collections'
import { Child, meet, results } from '../../../../cache/tests/processes/child.ts'
import { expectSound } from '../../../../cache/tests/processes/soundness.ts'
import { PARTS } from './parts.ts'
import type { IndexJob, IndexReport } from './worker.ts'

export interface IndexPlan {
  readonly directory: string
  readonly seed: number
  readonly processes: number
  /** Of each process. */
  readonly operations: number
  /** Milliseconds. */
  readonly limit: number
}

const WORKER = new URL('./worker.ts', import.meta.url)

/** Lets processes work on one index at the same time, and throws when one of its parts does not hold; gives figures. */
export async function indexRun({ processes, limit, ...plan }: IndexPlan): Promise<string> {
  const start = performance.now()
  const workers = Array.from({ length: processes }, (_, id) => {
    const job: IndexJob = { ...plan, id }
    return Child.process<IndexReport>(WORKER, job, { limit })
  })
  const reports = await meet(workers).then(
    () => results(workers),
    () => results(workers),
  )
  const seconds = (performance.now() - start) / 1e3
  const figures = verify(plan.directory, reports)
  return [`${processes * plan.operations} operations in ${seconds.toFixed(1)} s`, ...figures].join(', ')
}

function verify(directory: string, reports: readonly IndexReport[]): string[] {
  using index = new Index<string | number, unknown>(directory)
  const figures = PARTS.map((part, i) =>
    part.verify(
      index,
      reports.map((report) => report[i]),
    ),
  )
  strictEqual(index.size, [...index.keys()].length, 'size is not the number of entries')
  expectSound(directory)
  index.clear()
  strictEqual(index.size, 0, 'clear() leaves something')
  expectSound(directory)
  return figures.filter((figure) => figure !== undefined)
}
