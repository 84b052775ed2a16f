import { onInterruption } from '../../terminal/interruption.ts'

/**
 * Runs what can be broken off with Ctrl+C: the signal is aborted then, and the process ends when `run` has, so that what
 * it has begun is left in order.
 */
export async function withInterruption<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  const forget = onInterruption(() => {
    controller.abort()
    return promise
  })
  try {
    return await run(controller.signal)
  } finally {
    resolve()
    forget()
  }
}
