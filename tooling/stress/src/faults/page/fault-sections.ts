import { join } from 'node:path'
import { missingPython } from '../../../../../packages/cache/tests/python/peer.ts'
import { callRun } from '../calls/call-run.ts'
import { missingCompiler } from '../calls/shim.ts'
import { flipRun } from '../flips/flip-run.ts'
import type { FlipTally } from '../flips/tally.ts'
import { inMemory } from '../in-memory.ts'
import type { VanishOutcome } from '../vanish/vanish-round.ts'
import { vanishRun } from '../vanish/vanish-run.ts'
import { markdownTable } from './markdown-table.ts'

export interface FiguresJob {
  /** Empty, and its own. */
  readonly directory: string
  readonly seed: number
  /** How many directories of our own are damaged; at most 3,000 of each other kind. */
  readonly trials: number
}

/** Finds out what one section of the page shows. */
type Section = (job: FiguresJob) => Promise<string>

/** By the names that the page has them under. */
export const SECTIONS: Readonly<Record<string, Section>> = { flips, calls, vanish }

const ENGINES: Readonly<Record<string, string>> = {
  diskcache: 'diskcache',
  shared: 'diskcache, shared with Python',
  sqlite: 'bare better-sqlite3',
  python: 'python-diskcache',
}

const MOST_OTHERS = 3_000

const TARGETS = { db: 'database', wal: 'log', file: 'value file' } as const

/** Counts of the flips: the name of the column, and what it is called on the page. */
const FLIP_COLUMNS: Readonly<Record<string, string>> = {
  wrong: 'wrong value',
  'wrong, one bit': 'by one bit',
  "wrong, Python's": "of Python's entry",
  'wrong labels': 'wrong tag',
  untyped: 'raw error',
  'no writes': 'refuses writes',
  crashes: 'crash',
  hangs: 'hang',
  'typed errors': 'error with a code',
  'older state': 'older value',
  'lost again': 'write lost again',
}

async function flips(job: FiguresJob): Promise<string> {
  const head = ['engine', 'damaged', 'trials', ...Object.values(FLIP_COLUMNS)]
  const rows: (string | number)[][] = []
  for (const [engine, name] of Object.entries(ENGINES)) {
    const needsPython = engine === 'shared' || engine === 'python'
    if (needsPython && missingPython() !== undefined) throw new Error(`Python is needed: ${missingPython()}`)
    const trials = engine === 'diskcache' ? job.trials : Math.min(job.trials, MOST_OTHERS)
    const tallies = await inMemory(join(job.directory, engine), (directory) =>
      flipRun({ engine, directory, seed: job.seed, trials, first: 0, processes: 2 }),
    )
    rows.push(...tallies.map((tally) => flipRow(name, tally)))
  }
  return `${markdownTable(head, rows)}\n\nSeed ${job.seed}.`
}

function flipRow(name: string, tally: FlipTally): (string | number)[] {
  const counts = Object.keys(FLIP_COLUMNS).map((column) => {
    const count = tally.count(column)
    if (column === 'wrong' && count > 0) return `${count} (${((count / tally.trials) * 100).toFixed(1)} %)`
    return column === 'wrong, one bit' ? `${count} of ${tally.count('one bit')}` : count
  })
  return [name, TARGETS[tally.target], tally.trials, ...counts]
}

/** Where no lock can be had, SQLite itself tries for ten seconds each time: hours for all points. */
const SLOWEST = 'fcntl(F_SETLK)'

async function calls({ directory, seed }: FiguresJob): Promise<string> {
  if (missingCompiler() !== undefined) throw new Error(`Cannot let system calls fail: ${missingCompiler()}`)
  const tally = await inMemory(join(directory, 'calls'), (directory) =>
    callRun({ directory, seed, without: SLOWEST }),
  )
  const rows = Object.entries(tally.counts()).map(([kind, count]) => [CALL_COUNTS[kind] ?? kind, count])
  return `${tally.summary()}:\n\n${markdownTable(['what', 'trials'], rows)}`
}

const CALL_COUNTS: Readonly<Record<string, string>> = {
  lost: 'acknowledged, and not there',
  done: 'said to have failed, and done',
  half: 'half done',
  wrong: 'a read gave what is not there',
  untyped: 'an error without a code of ours',
  misnamed: 'one failed read is called damage',
  unusable: 'the object cannot be used afterwards',
  unsound: '`check()` finds something after it has fixed',
  leaked: 'a descriptor stays open',
  slow: 'two seconds longer than its timeout',
  crashes: 'crash',
  hangs: 'hang',
  missed: 'a read found nothing, without an error (counted only)',
  dropped: 'a write failed, and the old value is gone (counted only)',
  evicted: 'other entries made room on a full disk (counted only)',
  'not reached': 'the call was not made this time (counted only)',
}

async function vanish({ directory, seed }: FiguresJob): Promise<string> {
  const outcomes = await vanishRun(directory, seed, 10)
  const rows = [...outcomes].map(([name, group]) => [name, group.length, sumOf(group), wrongIn(group)])
  return markdownTable(['what happens', 'times', 'writes acknowledged after a second', 'times wrong'], rows)
}

function sumOf(outcomes: readonly VanishOutcome[]): number {
  return outcomes.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
}

function wrongIn(outcomes: readonly VanishOutcome[]): number {
  return outcomes.filter(({ faults }) => faults.length > 0).length
}
