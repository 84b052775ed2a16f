import type { Comparison } from './comparison.ts'
import { Stage } from './stage.ts'
import { median, medianRatio } from './statistics.ts'
import { type Effort, takeTurns } from './take-turns.ts'

export interface Measurement {
  readonly comparison: Comparison
  /** Medians, in microseconds an operation. */
  readonly subject: number
  readonly yardstick: number
  /** How the subject does against the yardstick, as the comparison's goal counts it. */
  readonly ratio: number
  /** Frames of the write-ahead log an operation; 0 for reads and where it is not known. */
  readonly subjectFrames: number
  readonly yardstickFrames: number
}

export async function measure(comparison: Comparison, effort: Effort): Promise<Measurement> {
  await using stage = new Stage()
  const pair = comparison.start(stage)
  const { calls, operationsPerCall = 1 } = comparison
  const [subject = [], yardstick = []] = await takeTurns([pair.subject, pair.yardstick], calls, effort)
  const microseconds = (times: readonly number[]) => (median(times) * 1e3) / (calls * operationsPerCall)
  return {
    comparison,
    subject: microseconds(subject),
    yardstick: microseconds(yardstick),
    ratio:
      comparison.goal?.kind === 'speedup' ? medianRatio(yardstick, subject) : medianRatio(subject, yardstick),
    subjectFrames: ((await pair.subject.frames?.()) ?? 0) / operationsPerCall,
    yardstickFrames: ((await pair.yardstick.frames?.()) ?? 0) / operationsPerCall,
  }
}
