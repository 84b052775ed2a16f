import type { Comparison, Pair } from './comparison.ts'
import { Stage } from './stage.ts'
import { median, medianRatio } from './statistics.ts'

/** How long to measure one comparison. */
export interface Effort {
  readonly milliseconds: number
  readonly fewestRounds: number
}

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

/** The first rounds are run by code that V8 has not compiled yet, on databases that are not in memory yet. */
const WARM_UP_ROUNDS = 2

interface Times {
  readonly subject: number[]
  readonly yardstick: number[]
}

export async function measure(comparison: Comparison, effort: Effort): Promise<Measurement> {
  await using stage = new Stage()
  const pair = comparison.start(stage)
  const { calls, operationsPerCall = 1 } = comparison
  const { subject, yardstick } = await interleave(pair, calls, effort)
  const microseconds = (times: number[]) => (median(times) * 1e3) / (calls * operationsPerCall)
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

/** Runs A B A B …, so that what else the machine does meanwhile hits both alike. */
async function interleave({ subject, yardstick }: Pair, calls: number, effort: Effort): Promise<Times> {
  const times: Times = { subject: [], yardstick: [] }
  let end = Infinity
  for (let round = -WARM_UP_ROUNDS; round < effort.fewestRounds || performance.now() < end; round++) {
    if (round === 0) end = performance.now() + effort.milliseconds
    const a = await subject.time(calls)
    const b = await yardstick.time(calls)
    if (round < 0) continue
    times.subject.push(a)
    times.yardstick.push(b)
  }
  return times
}
