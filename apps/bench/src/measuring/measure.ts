import type { Comparison } from './comparison.ts'
import { inProcess } from './contender.ts'
import { Stage } from './stage.ts'
import { median, medianRatio } from './statistics.ts'
import { type Effort, takeTurns } from './take-turns.ts'
import { framesPerCall } from './write-ahead-log.ts'

export interface Measurement {
  readonly comparison: Comparison
  /** Medians, in microseconds an operation. */
  readonly subject: number
  readonly yardstick: number
  /** The median of the rounds' ratios of subject to yardstick. */
  readonly ratio: number
  /** Frames of the write-ahead log an operation; 0 for reads and where it is not known. */
  readonly subjectFrames: number
  readonly yardstickFrames: number
}

export async function measure(comparison: Comparison, effort: Effort): Promise<Measurement> {
  await using stage = new Stage()
  const { calls = 2_000, operationsPerCall = 1 } = comparison
  const [subject, yardstick] = [comparison.subject.start(stage), comparison.yardstick.start(stage)]
  const contenders = [inProcess(subject), inProcess(yardstick)]
  const [ours = [], theirs = []] = await takeTurns(contenders, calls, effort)
  const microseconds = (times: readonly number[]) => (median(times) * 1e3) / (calls * operationsPerCall)
  return {
    comparison,
    subject: microseconds(ours),
    yardstick: microseconds(theirs),
    ratio: medianRatio(ours, theirs),
    subjectFrames: (await framesPerCall(subject)) / operationsPerCall,
    yardstickFrames: (await framesPerCall(yardstick)) / operationsPerCall,
  }
}
