/** What the parent sends: first what all trials share, then which of them to make. */
export type ToTrials = { readonly job: unknown } | { readonly trials: readonly number[] }

export interface FromTrials {
  readonly trial: number
  readonly outcome: unknown
}

type Perform<Outcome> = (trial: number) => Promise<Outcome>

/**
 * What a child of {@link runTrials} does: the module that calls this prepares for its job once, and then makes one trial
 * after the other, each of which is told as soon as it has ended.
 */
export function trialRole<Job, Outcome>(prepare: (job: Job) => Promise<Perform<Outcome>>): void {
  let perform: Promise<Perform<Outcome>> | undefined
  process.on('disconnect', () => process.exit(0))
  process.on('message', (message: ToTrials) => {
    if ('job' in message) perform = prepare(message.job as Job)
    else if (perform !== undefined) makeTrials(perform, message.trials)
  })
}

async function makeTrials(perform: Promise<Perform<unknown>>, trials: readonly number[]): Promise<void> {
  const make = await perform
  for (const trial of trials) await tell({ trial, outcome: await make(trial) })
  process.exit()
}

function tell(message: FromTrials): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()))
}
