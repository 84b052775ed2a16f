/** Milliseconds between two ticks. */
const TICK = 10

/** What an operation took, in milliseconds, and the most that this thread computed between two ticks of a timer. */
export interface Watched {
  readonly duration: number
  readonly blocked: number
}

/**
 * Runs an operation while a timer ticks. What the thread computes is what the operation keeps the event loop from turning
 * for; a gap between ticks would be that of the machine, too.
 */
export async function watchLoop(operation: () => Promise<unknown>): Promise<Watched> {
  let last = ownTime()
  let blocked = 0
  const tick = () => {
    const now = ownTime()
    blocked = Math.max(blocked, now - last)
    last = now
  }
  const timer = setInterval(tick, TICK)
  const start = performance.now()
  await operation()
  const duration = performance.now() - start
  tick()
  clearInterval(timer)
  return { duration, blocked }
}

/** The time for which this thread has computed so far, in milliseconds. */
function ownTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1e3
}
