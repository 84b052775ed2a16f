import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PeerProcess } from '../peers/peer-process.ts'
import type { PartContext } from '../report/part.ts'
import { Stage } from '../stage.ts'
import type { TickingReport } from './ticking-report.ts'

/** Durations in milliseconds. */
export interface EventLoopPlan {
  readonly rounds: number
  /** How long another process has the lock. */
  readonly hold: number
  /** How long the event loop is watched before and after. */
  readonly around: number
}

export interface EventLoopRound {
  readonly busy: TickingReport
  /** A process beside it that does nothing: what stops that, too, is the machine. */
  readonly idle: TickingReport
}

const TICKING = join(import.meta.dirname, 'ticking-worker.ts')
const HOLDING = join(import.meta.dirname, 'holding-worker.ts')

/** As long as a ticking process warms up. */
const WARM_UP = 500

export async function measureEventLoop(
  plan: EventLoopPlan,
  { progress }: PartContext,
): Promise<EventLoopRound[]> {
  const rounds: EventLoopRound[] = []
  for (let round = 0; round < plan.rounds; round++) {
    progress(round, plan.rounds, `round ${round + 1}`)
    rounds.push(await runRound(plan))
  }
  return rounds
}

async function runRound({ hold, around }: EventLoopPlan): Promise<EventLoopRound> {
  await using stage = new Stage()
  const { directory } = stage.cache()
  const start = (script: string, ...args: string[]) =>
    stage.use(new PeerProcess(process.execPath, [script, ...args]))
  const [busy, idle] = ['busy', 'idle'].map((part) => start(TICKING, part, directory))
  const holder = start(HOLDING, directory)
  if (busy === undefined || idle === undefined) throw new Error('Cannot measure: a process is missing')
  await holder.ask('hold 0')
  await busy.ask('open')
  await idle.ask('open')
  const duration = hold + 2 * around
  const reports = Promise.all([busy.ask(`run ${duration}`), idle.ask(`run ${duration}`)])
  await sleep(WARM_UP + around)
  await holder.ask(`hold ${hold}`)
  const [busyReport, idleReport] = (await reports) as [TickingReport, TickingReport]
  if (busyReport.longest < hold / 2) throw new Error('Cannot use the round: nothing waited for the lock')
  return { busy: busyReport, idle: idleReport }
}
