import { performance } from 'node:perf_hooks'
import { realTimers } from '../waiting/real-timers.ts'

/** How often it is looked how long has been waited, in milliseconds. */
const STEP_MS = 10

/** What a step counts at least, in milliseconds: a loop that never idles waits all the same. */
const LEAST_MS = 1

/** Somebody who waits for something outside this process. */
export interface Waiting {
  /** Told that it has waited for some more milliseconds; returns whether it goes on waiting. */
  waited(time: number): boolean
}

const waiting = new Set<Waiting>()
let timer: NodeJS.Timeout | undefined
let idleBefore = 0

/**
 * Tells how long somebody has waited, until it waits no more. Only time in which the event loop of this process idled
 * counts: what it spends on its own work, or in which it stands still, nobody outside is to blame for.
 */
export function watchWaiting(who: Waiting): void {
  waiting.add(who)
  if (timer !== undefined) return
  idleBefore = idleTime()
  // What has come by now is read before it counts as not there.
  timer = realTimers.setInterval(() => realTimers.setImmediate(look), STEP_MS)
}

function look(): void {
  const idle = idleTime()
  const time = Math.min(Math.max(idle - idleBefore, LEAST_MS), STEP_MS)
  idleBefore = idle
  for (const who of waiting) if (!who.waited(time)) waiting.delete(who)
  if (waiting.size > 0) return
  realTimers.clearInterval(timer)
  timer = undefined
}

/** Not every runtime that takes Node's modules can tell when its loop idled; there, time counts that no step is late by. */
function idleTime(): number {
  const { eventLoopUtilization }: Partial<typeof performance> = performance
  return eventLoopUtilization === undefined ? performance.now() : performance.eventLoopUtilization().idle
}
