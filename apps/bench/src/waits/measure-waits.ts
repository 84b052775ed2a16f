import { join } from 'node:path'
import { type Latencies, percentile } from '../peers/latencies.ts'
import { PeerProcess } from '../peers/peer-process.ts'
import type { PartContext } from '../report/part.ts'
import { Stage } from '../stage.ts'
import { median, medianRatio } from '../statistics.ts'
import type { SettingReport } from './setting-report.ts'

export interface WaitsPlan {
  readonly processes: number
  readonly rounds: number
  /** Of a round, in milliseconds. */
  readonly duration: number
}

/** Who waits for a lock: our jittered sleep, or SQLite's busy handler. */
export type Waiting = 'sleep' | 'handler'

export const WAITINGS: readonly Waiting[] = ['sleep', 'handler']

/** Medians of the rounds. */
export interface WaitFigures {
  readonly waiting: Waiting
  /** All processes together. */
  readonly setsPerSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly longest: number
}

export interface Waits {
  readonly figures: readonly WaitFigures[]
  /** Medians of the rounds, of our sleep to SQLite's handler. */
  readonly longestRatio: number
  readonly throughputRatio: number
}

type Round = Omit<WaitFigures, 'waiting'>

const WORKER = join(import.meta.dirname, 'setting-worker.ts')

/** Long enough for the word to reach every process before the moment comes. */
const HEAD_START = 100

/** Rounds of both ways take turns, each on a new directory. */
export async function measureWaits(plan: WaitsPlan, { progress }: PartContext): Promise<Waits> {
  const rounds: Record<Waiting, Round[]> = { sleep: [], handler: [] }
  for (let round = 0; round < plan.rounds; round++) {
    for (const waiting of WAITINGS) {
      progress(rounds.sleep.length + rounds.handler.length, 2 * plan.rounds, `round ${round + 1}, ${waiting}`)
      rounds[waiting].push(await runRound(waiting, plan))
    }
  }
  const ratio = (figure: (round: Round) => number) =>
    medianRatio(rounds.sleep.map(figure), rounds.handler.map(figure))
  return {
    figures: WAITINGS.map((waiting) => figuresOf(waiting, rounds[waiting])),
    longestRatio: ratio(({ longest }) => longest),
    throughputRatio: ratio(({ setsPerSecond }) => setsPerSecond),
  }
}

async function runRound(waiting: Waiting, { processes, duration }: WaitsPlan): Promise<Round> {
  await using stage = new Stage()
  const { directory } = stage.cache()
  const workers = Array.from({ length: processes }, () =>
    stage.use(new PeerProcess(process.execPath, [WORKER, waiting, directory])),
  )
  for (const worker of workers) await worker.ask('open')
  const moment = Date.now() + HEAD_START
  const reports = await Promise.all(workers.map((worker) => worker.ask(`run ${moment} ${duration}`)))
  return roundOf(reports as SettingReport[])
}

function roundOf(reports: readonly SettingReport[]): Round {
  const latencies: Latencies[] = reports.map((report) => report.latencies)
  return {
    setsPerSecond: reports.reduce((sum, { sets, seconds }) => sum + sets / seconds, 0),
    p50: percentile(0.5, latencies),
    p99: percentile(0.99, latencies),
    longest: Math.max(...reports.map(({ longest }) => longest)),
  }
}

function figuresOf(waiting: Waiting, rounds: readonly Round[]): WaitFigures {
  const middle = (figure: (round: Round) => number) => median(rounds.map(figure))
  return {
    waiting,
    setsPerSecond: middle(({ setsPerSecond }) => setsPerSecond),
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
    longest: middle(({ longest }) => longest),
  }
}
