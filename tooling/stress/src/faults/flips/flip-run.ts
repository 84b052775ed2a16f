import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Ended, runTrials } from '../trials/run-trials.ts'
import { hasTarget, TARGETS, type Target } from './damage.ts'
import type { FlipJob } from './flip-worker.ts'
import type { Outcome } from './outcome.ts'
import { FlipTally } from './tally.ts'
import { loadTemplates, makeTemplates } from './template.ts'

export interface FlipRun {
  readonly engine: string
  /** Empty, and its own. */
  readonly directory: string
  readonly seed: number
  /** The first number of a trial; 0 unless one is repeated. */
  readonly first: number
  readonly trials: number
  /** One of them; all unless given. */
  readonly target?: Target
  readonly processes: number
}

const WORKER = new URL('./flip-worker.ts', import.meta.url)

/** A trial takes some milliseconds, or the patience with a cache that refuses. */
const LIMIT = 15_000

/** Half of the trials damage the database, a fifth the log, the others a value file. */
const SHARES: Readonly<Record<Target, number>> = { db: 0.5, wal: 0.2, file: 0.3 }

/** Damages directories and judges what is served out of them; gives the tally of each target. */
export async function flipRun(run: FlipRun): Promise<FlipTally[]> {
  const templates = join(run.directory, `templates-${run.engine}`)
  mkdirSync(templates, { recursive: true })
  makeTemplates(run.engine, templates)
  const killed = loadTemplates(run.engine, templates).map(({ killed }) => killed)
  const targets = TARGETS.filter((target) => killed.every((snapshot) => hasTarget(snapshot, target)))
  const tallies: FlipTally[] = []
  for (const target of targets) {
    if (run.target !== undefined && run.target !== target) continue
    const trials = numbers(
      run,
      run.target === undefined ? Math.ceil(run.trials * SHARES[target]) : run.trials,
    )
    const job: FlipJob = { engine: run.engine, directory: templates, seed: run.seed, target }
    const plan = { module: WORKER, job, trials, processes: run.processes, limit: LIMIT }
    const ended: Ended<Outcome>[] = await runTrials<FlipJob, Outcome>(plan)
    tallies.push(new FlipTally(run.engine, target, run.seed, ended))
  }
  return tallies
}

function numbers({ first }: FlipRun, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i)
}
