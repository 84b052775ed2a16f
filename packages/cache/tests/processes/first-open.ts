import { deepStrictEqual, strictEqual } from 'node:assert'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { Child, meet, results } from './child.ts'
import { expectSound } from './soundness.ts'

export interface FirstOpenJob {
  readonly id: number
  /** One for each round. */
  readonly directories: readonly string[]
}

const WORKER = new URL('./first-open-worker.ts', import.meta.url)

/** Many processes open an empty directory at the same time, and each uses it at once; gives the longest opening in ms. */
export async function firstOpenRun(plan: {
  directory: string
  processes: number
  rounds: number
}): Promise<number> {
  const directories = Array.from({ length: plan.rounds }, (_, round) =>
    join(plan.directory, `round-${round}`),
  )
  // In every second round the directory itself has to be made, too.
  for (const [round, directory] of directories.entries()) if (round % 2 === 0) mkdirSync(directory)
  const children = Array.from({ length: plan.processes }, (_, id) => {
    const job: FirstOpenJob = { id, directories }
    return Child.process<number>(WORKER, job, { limit: 60_000 })
  })
  const finished = results(children)
  for (const _ of directories) await Promise.race([meet(children), finished])
  const longest = Math.max(...(await finished))
  for (const directory of directories) verify(directory, plan.processes)
  return longest
}

function verify(directory: string, processes: number): void {
  using cache = new Cache(directory)
  strictEqual(cache.size, processes, `${directory} lost entries`)
  const ids = [...Array(processes).keys()]
  deepStrictEqual(cache.getMany(ids.map((id) => `opened by ${id}`)), ids)
  expectSound(directory)
}
