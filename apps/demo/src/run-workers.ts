import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'

export interface Workers<Report> {
  /** Path of the module that each of them runs. */
  readonly module: string
  readonly args: readonly string[]
  readonly count: number
  readonly onReport?: (report: Report) => void
}

/** Runs several processes; resolves when all have ended well. As soon as one fails, ends the others and rejects. */
export async function runWorkers<Report>({ module, args, count, onReport }: Workers<Report>): Promise<void> {
  const workers = Array.from({ length: count }, () => fork(module, args))
  if (onReport) for (const worker of workers) worker.on('message', onReport as (message: unknown) => void)
  try {
    await Promise.all(workers.map(ended))
  } finally {
    for (const worker of workers) worker.kill('SIGKILL')
  }
}

async function ended(worker: ChildProcess): Promise<void> {
  // The last reports may arrive after the exit, but not after the disconnect.
  const [[code, signal]] = await Promise.all([once(worker, 'exit'), once(worker, 'disconnect')])
  if (code !== 0) throw new Error(`A worker died: ${describe(worker)}, ${signal ?? `exit code ${code}`}`)
}

function describe({ spawnargs, pid }: ChildProcess): string {
  const module = spawnargs.find((argument) => /\.[cm]?[jt]s$/.test(argument)) ?? spawnargs[0]!
  return `${basename(module)}, process ${pid}`
}
