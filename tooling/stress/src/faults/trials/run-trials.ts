import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FromTrials, ToTrials } from './trial-role.ts'

export interface TrialPlan<Job> {
  /** A module with a `trialRole`. */
  readonly module: URL
  readonly job: Job
  /** The numbers of the trials. */
  readonly trials: readonly number[]
  /** How many children share them. */
  readonly processes: number
  /** Milliseconds after which a trial counts as hanging, and its child is killed. */
  readonly limit: number
  readonly env?: Readonly<Record<string, string>>
}

/** How a trial ended: with its outcome, or with the end of its child. */
export type Ended<Outcome> =
  | { readonly trial: number; readonly outcome: Outcome }
  | { readonly trial: number; readonly crash: string }
  | { readonly trial: number; readonly hang: true }

/** Makes trials in children, so that a crash or a hang ends one child and is told of one trial. */
export async function runTrials<Job, Outcome>(plan: TrialPlan<Job>): Promise<Ended<Outcome>[]> {
  const { trials, processes } = plan
  const share = Math.ceil(trials.length / processes)
  const shares = Array.from({ length: processes }, (_, i) => trials.slice(i * share, (i + 1) * share))
  const ended = await Promise.all(shares.map((trials) => runShare<Outcome>({ ...plan, trials })))
  return ended.flat()
}

async function runShare<Outcome>(plan: TrialPlan<unknown>): Promise<Ended<Outcome>[]> {
  const ended: Ended<Outcome>[] = []
  while (ended.length < plan.trials.length) {
    const rest = plan.trials.slice(ended.length)
    const end = await runChild<Outcome>(plan, rest, ended)
    const trial = plan.trials[ended.length]
    if (trial === undefined) break
    ended.push(end === 'hang' ? { trial, hang: true } : { trial, crash: end })
  }
  return ended
}

/** Makes trials until the child ends, which it does after the last of them; gives how it ended. */
function runChild<Outcome>(
  plan: TrialPlan<unknown>,
  trials: readonly number[],
  ended: Ended<Outcome>[],
): Promise<string> {
  const child = start(plan)
  let errors = ''
  let isHanging = false
  const hang = () => {
    isHanging = true
    child.kill('SIGKILL')
  }
  let timer = setTimeout(hang, plan.limit)
  child.stderr?.on('data', (data: Buffer) => {
    errors = `${errors}${data}`.slice(-2_000)
  })
  child.on('message', ({ trial, outcome }: FromTrials) => {
    clearTimeout(timer)
    ended.push({ trial, outcome: outcome as Outcome })
    timer = setTimeout(hang, plan.limit)
  })
  for (const message of [{ job: plan.job }, { trials }] satisfies ToTrials[]) child.send(message, () => {})
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve(isHanging ? 'hang' : `${signal ?? `exit code ${code}`}: ${errors}`)
    })
  })
}

function start({ module, env = {} }: TrialPlan<unknown>): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(module)], {
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    serialization: 'advanced',
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  })
}
