import { onInterruption } from '../../terminal/interruption.ts'

/**
 * Runs a body whose signal the user aborts by breaking off, which then ends when the body has. What a body that was broken
 * off throws is told to nobody.
 */
export async function interruptible<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const work = body(controller.signal)
  const forget = onInterruption(async () => {
    controller.abort()
    await work.catch(() => {})
  })
  try {
    return await work
  } catch (error) {
    // The process ends when all is closed.
    if (controller.signal.aborted) await new Promise(() => {})
    throw error
  } finally {
    forget()
  }
}
