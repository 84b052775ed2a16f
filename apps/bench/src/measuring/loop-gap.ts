/** Milliseconds between two ticks. */
const TICK = 10

/** What an operation took, in milliseconds, and for how long the event loop did not come round to a timer meanwhile. */
export interface Watched {
  readonly duration: number
  readonly gap: number
}

/** Runs an operation while a timer ticks. */
export async function watchLoop(operation: () => Promise<unknown>): Promise<Watched> {
  let last = performance.now()
  let gap = 0
  const tick = () => {
    const now = performance.now()
    gap = Math.max(gap, now - last)
    last = now
  }
  const timer = setInterval(tick, TICK)
  const start = performance.now()
  await operation()
  const duration = performance.now() - start
  tick()
  clearInterval(timer)
  return { duration, gap }
}
