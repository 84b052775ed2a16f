import { percentile } from '../core-workload/summary.ts'
import type { Recording, Stretch } from './recording.ts'

/** Times in milliseconds. */
export interface StudySummary {
  readonly calls: number
  /** How often the work was done. */
  readonly runs: number
  /** How often at a time, at most. */
  readonly concurrency: number
  /** What a caller waited. */
  readonly p50: number
  readonly p99: number
  readonly slowest: number
}

export function summarizeStudy({ calls, runs }: Recording): StudySummary {
  const times = Float64Array.from(calls, ([begin, end]) => end - begin).sort()
  return {
    calls: calls.length,
    runs: runs.length,
    concurrency: Math.max(0, ...levelsOf(runs).map(({ level }) => level)),
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    slowest: percentile(times, 1),
  }
}

/** How many stretches there were at a time, from `time` on. */
export interface Level {
  readonly time: number
  readonly level: number
}

export function levelsOf(stretches: readonly Stretch[]): Level[] {
  const changes = stretches.flatMap(([begin, end]) => [
    { time: begin, change: 1 },
    { time: end, change: -1 },
  ])
  let level = 0
  return changes
    .sort((a, b) => a.time - b.time || a.change - b.change)
    .map(({ time, change }) => {
      level += change
      return { time, level }
    })
}
