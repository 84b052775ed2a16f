import { Stage } from '../measuring/stage.ts'
import type { CrowdRecording, CrowdSettings, Stretch } from '../worker/crowd-service.ts'
import { WorkerProcess } from '../worker/worker-process.ts'

export interface CrowdPlan extends Omit<CrowdSettings, 'directory' | 'strategy'> {
  readonly processes: number
  /** Whether the value is there when it begins. */
  readonly isWarm: boolean
}

/** Milliseconds; by then all processes have read what to do. */
const HEAD_START = 100

/** Lets processes call by one strategy, from the same moment on, in a new directory; gives what happened in all of them. */
export async function runCrowd(
  strategy: string,
  { processes, isWarm, ...plan }: CrowdPlan,
): Promise<CrowdRecording> {
  await using stage = new Stage()
  const settings: CrowdSettings = { ...plan, strategy, directory: stage.path('cache') }
  const start = () => stage.use(WorkerProcess.of('crowd', settings))
  const workers = Array.from({ length: processes }, start)
  for (const worker of workers) await worker.ask('open')
  if (isWarm) await workers[0]?.ask('call')
  const moment = Date.now() + HEAD_START
  const recordings = await Promise.all(workers.map((worker) => worker.ask<CrowdRecording>('run', moment)))
  return {
    calls: recordings.flatMap(({ calls }) => calls),
    runs: recordings.flatMap(({ runs }) => runs).filter(([, end]) => end > 0),
  }
}

/** How often the work was done, and how often at a time; what callers waited, in milliseconds. */
export interface CrowdSummary {
  readonly calls: number
  readonly runs: number
  readonly concurrency: number
  readonly p50: number
  readonly p99: number
  readonly slowest: number
}

export function summarizeCrowd({ calls, runs }: CrowdRecording): CrowdSummary {
  const times = calls.map(lengthOf).sort((a, b) => a - b)
  const percentile = (share: number) => times[Math.ceil(times.length * share) - 1] ?? Number.NaN
  const concurrency = Math.max(0, ...levelsOf(runs).map(({ level }) => level))
  const [p50, p99, slowest] = [percentile(0.5), percentile(0.99), percentile(1)]
  return { calls: calls.length, runs: runs.length, concurrency, p50, p99, slowest }
}

export function lengthOf([begin, end]: Stretch): number {
  return end - begin
}

/** How many stretches there were at a time, from each `time` on. */
export function levelsOf(stretches: readonly Stretch[]): { time: number; level: number }[] {
  const begins = stretches.map(([time]) => ({ time, change: 1 }))
  const ends = stretches.map(([, time]) => ({ time, change: -1 }))
  let level = 0
  return [...begins, ...ends]
    .sort((a, b) => a.time - b.time || a.change - b.change)
    .map(({ time, change }) => {
      level += change
      return { time, level }
    })
}
