import type { Ended } from '../trials/run-trials.ts'
import { type CallOutcome, FAULTS, REMARKS } from './call-outcome.ts'
import { describePoint, type FaultPoint } from './fault-points.ts'

/** What trials with failing system calls showed. */
export class CallTally {
  readonly #points: readonly FaultPoint[]
  readonly #all: number
  readonly #ended: readonly Ended<CallOutcome>[]
  readonly #made: readonly CallOutcome[]

  constructor(points: readonly FaultPoint[], all: number, ended: readonly Ended<CallOutcome>[]) {
    this.#points = points
    this.#all = all
    this.#ended = ended
    this.#made = ended.flatMap((end) => ('outcome' in end ? [end.outcome] : []))
  }

  /** How many points were tried, of how many operations, and how many calls failed. */
  summary(): string {
    const operations = new Set(this.#points.map(({ operation }) => operation)).size
    const failed = this.#made.reduce((sum, outcome) => sum + outcome.failed, 0)
    return `${this.#ended.length} of ${this.#all} points of ${operations} operations, ${failed} failing calls`
  }

  /** In how many trials there was what is wrong, and what is counted only. */
  counts(): Record<string, number> {
    const countOf = (kind: string) => this.#made.filter((made) => kind in made).length
    const crashes = this.#ended.filter((end) => 'crash' in end).length
    const hangs = this.#ended.filter((end) => 'hang' in end).length
    const wrong = Object.fromEntries(FAULTS.map((kind) => [kind, countOf(kind)]))
    const remarks = Object.fromEntries(REMARKS.map((kind) => [kind, countOf(kind)]))
    const idle = this.#made.filter(({ failed }) => failed === 0).length
    return { ...wrong, crashes, hangs, ...remarks, 'not reached': idle }
  }

  /** One line of counts, and one for each kind of call. */
  lines(): string[] {
    const counts = Object.entries(this.counts()).map(([kind, count]) => `${kind} ${count}`)
    return [`${this.summary()}: ${counts.join(', ')}`, ...this.#byCall()]
  }

  /** The first trials that went wrong, of each kind of fault, each with the command that repeats it. */
  examples(most: number): string[] {
    const ends = this.#ended.filter((end) => !('outcome' in end))
    const stopped = ends.map((end) => {
      const point = this.#points[end.trial] as FaultPoint
      return `${'crash' in end ? end.crash : 'hang'}: ${describePoint(point)}${commandFor(point)}`
    })
    const found = FAULTS.flatMap((kind) =>
      this.#made
        .filter((made) => kind in made)
        .slice(0, most)
        .map((made) => `${kind}: ${textOf(made, kind)}${commandFor(made.point)}`),
    )
    return [...stopped.slice(0, most), ...found]
  }

  /** How operations end whose calls fail so. */
  #byCall(): string[] {
    const groups = Object.groupBy(this.#made, ({ point }) => `${point.call} ${point.error}`)
    return Object.entries(groups).map(([name, group = []]) => {
      const ends = Object.entries(Object.groupBy(group, ({ end }) => end))
      return `${name}: ${ends.map(([end, of = []]) => `${of.length} × ${end}`).join(', ')}`
    })
  }
}

function textOf(made: CallOutcome, kind: (typeof FAULTS)[number]): string {
  return `${describePoint(made.point)}: ${made[kind]}; it ended with ${made.end}`
}

function commandFor({ operation, call, error, nth, onward }: FaultPoint): string {
  const choice = `--operation '${operation}' --call '${call}' --error ${error} --nth ${nth}`
  return `\n         node tooling/stress/src/faults/calls/main.ts ${choice}${onward ? ' --onward' : ' --once'}`
}
