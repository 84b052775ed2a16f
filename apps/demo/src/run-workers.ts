import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'

export interface Workers<Report> {
  /** Path of the module that each of them runs. */
  readonly module: string
  readonly args: readonly string[]
  readonly count: number
  readonly onReport?: (report: Report) => void
  /** Kills all of them with kill -9 when it is aborted. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs several processes; resolves when all have ended well. As soon as one fails, or the signal is aborted, ends the
 * others and rejects. When this settles, no process is left.
 */
export async function runWorkers<Report>(options: Workers<Report>): Promise<void> {
  const { module, args, count, onReport, signal } = options
  const workers = Array.from({ length: count }, () => fork(module, args))
  if (onReport) for (const worker of workers) worker.on('message', onReport as (message: unknown) => void)
  const ends = workers.map((worker) => ended(worker, basename(module)))
  try {
    await Promise.race([Promise.all(ends), ...(signal ? [aborted(signal)] : [])])
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

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort')
  throw signal.reason
}
