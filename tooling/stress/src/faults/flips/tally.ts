import type { Ended } from '../trials/run-trials.ts'
import type { Target } from './damage.ts'
import type { Outcome } from './outcome.ts'

type Made = { readonly trial: number; readonly outcome: Outcome }

/** What counts as a fault, and what is counted only. */
type Column = readonly [name: string, isIn: (outcome: Outcome) => boolean]

const FAULTS: readonly Column[] = [
  ['wrong', ({ wrong }) => wrong.length > 0],
  ['untyped', ({ untyped }) => untyped.length > 0],
  ['no writes', ({ refused }) => refused.length > 0],
]

const REMARKS: readonly Column[] = [
  ['one bit', ({ kind }) => kind === 'one bit'],
  ['wrong, one bit', ({ wrong, kind }) => wrong.length > 0 && kind === 'one bit'],
  ["wrong, Python's", ({ wrongForeign }) => wrongForeign.length > 0],
  ['wrong labels', ({ wrongLabels }) => wrongLabels.length > 0],
  ['older state', ({ stale }) => stale.length > 0],
  ['typed errors', ({ typed }) => Object.keys(typed).length > 0],
  ['lost again', ({ lostAgain }) => lostAgain > 0],
  ['misses', ({ missing }) => missing > 0],
]

const COLUMNS = [...FAULTS.map(([name]) => name), ...['crashes', 'hangs'], ...REMARKS.map(([name]) => name)]

const PROGRAM = 'node tooling/stress/src/faults/flips/main.ts'

/** What the trials of one target showed. */
export class FlipTally {
  readonly engine: string
  readonly target: Target
  readonly #seed: number
  readonly #ended: readonly Ended<Outcome>[]
  readonly #made: readonly Made[]

  constructor(engine: string, target: Target, seed: number, ended: readonly Ended<Outcome>[]) {
    this.engine = engine
    this.target = target
    this.#seed = seed
    this.#ended = ended
    this.#made = ended.filter((end): end is Made => 'outcome' in end)
  }

  get trials(): number {
    return this.#ended.length
  }

  /** In how many trials there was what a column counts. */
  count(name: string): number {
    if (name === 'crashes') return this.#ended.filter((end) => 'crash' in end).length
    if (name === 'hangs') return this.#ended.filter((end) => 'hang' in end).length
    const isIn = [...FAULTS, ...REMARKS].find(([column]) => column === name)?.[1]
    if (isIn === undefined) throw new RangeError(`There is no column ${name}`)
    return this.#made.filter(({ outcome }) => isIn(outcome)).length
  }

  /** In how many trials something was wrong that never may be. */
  get faults(): number {
    return this.#ended.filter(isFault).length
  }

  /** A row for a table, of counts of trials. */
  row(): Record<string, string | number> {
    const times = this.#made.map(({ outcome }) => outcome.took).sort((a, b) => a - b)
    return {
      ...{ engine: this.engine, target: this.target, trials: this.trials },
      ...Object.fromEntries(COLUMNS.map((name) => [name, this.count(name)])),
      'median ms': Number((times[times.length >> 1] ?? 0).toFixed(1)),
    }
  }

  /** The same on one line. */
  line(): string {
    const { engine, target, trials, ...counts } = this.row()
    const texts = Object.entries(counts).map(([name, count]) => `${name} ${count}`)
    return `${engine}, ${target}, ${trials} trials: ${texts.join(', ')}`
  }

  /** The first trials that went wrong, each on one line, with the command that repeats it. */
  examples(most: number): string[] {
    const command = `--engine ${this.engine} --target ${this.target} --seed ${this.#seed} --trials 1 --first`
    return this.#ended
      .filter(isFault)
      .slice(0, most)
      .map((end) => `${textOf(end)}\n         ${PROGRAM} ${command} ${end.trial}`)
  }
}

function isFault(end: Ended<Outcome>): boolean {
  return !('outcome' in end) || FAULTS.some(([, isIn]) => isIn(end.outcome))
}

function textOf(end: Ended<Outcome>): string {
  if ('crash' in end) return `crash, ${end.crash}`
  if ('hang' in end) return 'hang'
  const { text, kind, wrong, untyped, refused } = end.outcome
  return [`${kind} in ${text}`, ...wrong, ...untyped, ...refused].join('; ')
}
