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
  const ends = workers.map((worker) => ended(worker, basename(module)))
  try {
    await Promise.all(ends)
  } finally {
    for (const worker of workers) worker.kill('SIGKILL')
    await Promise.allSettled(ends)
  }
}

async function ended(worker: ChildProcess, name: string): Promise<void> {
  // The last reports may arrive after the exit, but not after the disconnect.
  const [[code, signal]] = await Promise.all([once(worker, 'exit'), once(worker, 'disconnect')])
  if (code !== 0)
    throw new Error(`A worker died: ${name}, process ${worker.pid}, ${signal ?? `exit code ${code}`}`)
}
