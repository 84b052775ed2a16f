import { join } from 'node:path'
import { PeerProcess } from '../peers/peer-process.ts'
import { Stage } from '../stage.ts'
import type { CallerSettings, Recording } from './recording.ts'

export interface StudyPlan extends Omit<CallerSettings, 'directory' | 'strategy'> {
  readonly processes: number
  /** Whether the value is there when it begins. */
  readonly isWarm: boolean
}

const WORKER = join(import.meta.dirname, 'caller-worker.ts')

/** Long enough for the word to reach every process before the moment comes. */
const HEAD_START = 50

/** Lets processes call by one strategy, from the same moment on, in a new directory; gives what happened in all of them. */
export async function runStudy(
  strategy: string,
  { processes, isWarm, ...plan }: StudyPlan,
): Promise<Recording> {
  await using stage = new Stage()
  const settings: CallerSettings = { ...plan, strategy, directory: stage.path('cache') }
  const workers = Array.from({ length: processes }, () => {
    return stage.use(new PeerProcess(process.execPath, [WORKER, JSON.stringify(settings)]))
  })
  for (const worker of workers) await worker.ask('open')
  if (isWarm) await workers[0]!.ask('warm')
  const moment = Date.now() + HEAD_START
  const recordings = (await Promise.all(workers.map((worker) => worker.ask(`run ${moment}`)))) as Recording[]
  return {
    calls: recordings.flatMap(({ calls }) => calls),
    runs: recordings.flatMap(({ runs }) => runs).filter(([, end]) => end > 0),
  }
}
