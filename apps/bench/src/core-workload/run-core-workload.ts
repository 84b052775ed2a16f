import { PeerProcess } from '../peers/peer-process.ts'
import { Stage } from '../stage.ts'
import type { CoreContender } from './core-contender.ts'
import type { Recording } from './recording.ts'
import { checkSanity } from './sanity.ts'
import { type Summary, summarize } from './summary.ts'
import type { Length, WorkerSettings } from './worker-settings.ts'

/** Long enough for the word to reach every process before the moment comes. */
const HEAD_START = 50

/** Runs the workload once, in processes that begin in the same moment, on a new directory. */
export async function runCoreWorkload(
  contender: CoreContender,
  processes: number,
  length: Length,
): Promise<Summary> {
  await using stage = new Stage()
  const workers = startWorkers(contender, processes, length, stage)
  const owners = contender.isApart ? workers : workers.slice(0, 1)
  await askInTurn(owners, 'fill')
  await askInTurn(workers, 'open')
  const durations = (await askAll(workers, `run ${Date.now() + HEAD_START}`)) as number[]
  const recordings = (await askAll(workers, 'recording')) as Recording[]
  const problems = (await askInTurn(owners, 'check')) as number[]
  checkSanity(contender, length, recordings, problems)
  return summarize(recordings, Math.max(...durations) * 1e6)
}

function startWorkers(
  { command: [program, script], shards, timeout, isApart }: CoreContender,
  processes: number,
  length: Length,
  stage: Stage,
): PeerProcess[] {
  const shared = stage.path('shared')
  return Array.from({ length: processes }, (_, seed) => {
    const directory = isApart ? stage.path('own') : shared
    const settings: WorkerSettings = { ...length, directory, shards, timeout, seed }
    return stage.use(new PeerProcess(program, [script, JSON.stringify(settings)]))
  })
}

/** This is no benchmark of opening a store, and Python's may not bear that in one moment with a timeout of 10 ms. */
async function askInTurn(workers: readonly PeerProcess[], question: string): Promise<unknown[]> {
  const answers: unknown[] = []
  for (const worker of workers) answers.push(await worker.ask(question))
  return answers
}

function askAll(workers: readonly PeerProcess[], question: string): Promise<unknown[]> {
  return Promise.all(workers.map((worker) => worker.ask(question)))
}
