import { ExitCode } from './failure.ts'

/** How long what is open may take to be closed once the user has broken off, in milliseconds. */
const PATIENCE = 2_000

/** What shells say of a command that a signal has ended: 128 and its number. */
const EXIT_CODES = { SIGINT: ExitCode.interrupted, SIGTERM: 143 }

const closers = new Set<() => unknown>()

/**
 * Calls `close` when the user breaks off with Ctrl+C, before the process ends. What it returns lets go of that: call it
 * when there is nothing to close any more.
 */
export function onInterruption(close: () => unknown): () => void {
  closers.add(close)
  return () => void closers.delete(close)
}

/** Ends the process when the user breaks off, after what is open has been closed; at once the second time. */
export function endOnInterruption(): void {
  for (const [signal, code] of Object.entries(EXIT_CODES)) {
    const end = () => process.exit(code)
    process.once(signal, () => {
      process.on(signal, end)
      setTimeout(end, PATIENCE).unref()
      void Promise.allSettled([...closers].map(async (close) => close())).then(end)
    })
  }
}
