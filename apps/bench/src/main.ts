/** Measures the packages against bare SQLite and python-diskcache, and prints tables. See README.md. */
import { parseArgs } from 'node:util'
import type { Comparison } from './comparison.ts'
import { COLLECTIONS } from './comparisons/collections.ts'
import { FANOUT } from './comparisons/fanout.ts'
import { keyvComparisons } from './comparisons/keyv.ts'
import { OPENING } from './comparisons/opening.ts'
import { PROMISES } from './comparisons/promises.ts'
import { AGAINST_PYTHON } from './comparisons/python.ts'
import { READS } from './comparisons/reads.ts'
import { RECIPES } from './comparisons/recipes.ts'
import { WRITES } from './comparisons/writes.ts'
import { coreContenders } from './core-workload/core-contender.ts'
import { figuresTable, ratiosTable } from './core-workload/core-tables.ts'
import { FULL as FULL_CORE, measureCoreWorkload, QUICK as QUICK_CORE } from './core-workload/core-workload.ts'
import { environment } from './environment.ts'
import { type Effort, type Measurement, measure } from './measure.ts'
import { pythonDiskcacheVersion } from './peers/python-diskcache.ts'
import { resultsTable } from './results-table.ts'
import { KEYS } from './workload.ts'

const FULL: Effort = { milliseconds: 3_000, fewestRounds: 10 }

/** Shows that everything runs; its figures are worth little. */
const QUICK: Effort = { milliseconds: 50, fewestRounds: 3 }

const PROCESSES = [1, 8]

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
})
const python = pythonDiskcacheVersion()
const parts = new Map([
  ['operations', compareOperations],
  ['recipes', compareRecipes],
  ['core', runCore],
])

console.log(environment())
console.log(
  python === undefined
    ? 'python-diskcache: skipped, /usr/bin/python3 has none'
    : `python-diskcache ${python}`,
)
for (const part of wantedParts()) await part()

function wantedParts(): Iterable<() => Promise<void>> {
  if (values.only === undefined) return parts.values()
  const part = parts.get(values.only)
  if (part === undefined) throw new RangeError(`Cannot run only ${values.only}: choose ${[...parts.keys()]}`)
  return [part]
}

async function compareOperations(): Promise<void> {
  const keyv = await keyvComparisons()
  for (const line of keyv.skipped) console.log(line)
  const comparisons = [
    ...READS,
    ...WRITES,
    ...PROMISES,
    OPENING,
    ...FANOUT,
    ...COLLECTIONS,
    ...keyv.comparisons,
    ...(python === undefined ? [] : AGAINST_PYTHON),
  ]
  console.log(`\nOperations: ${KEYS.toLocaleString('en')} keys, 100-byte strings, one process`)
  console.log(resultsTable(await measureAll(comparisons)))
  console.log(
    'Goals: the first figure must hold (✔), the second is where we are going (✔✔). WAL frames: ours · yardstick.',
  )
}

async function compareRecipes(): Promise<void> {
  console.log('\nRecipes, beside the reads and writes of the store that they are made of')
  console.log(resultsTable(await measureAll(RECIPES)))
}

async function measureAll(comparisons: readonly Comparison[]): Promise<Measurement[]> {
  const measurements: Measurement[] = []
  for (const comparison of comparisons)
    measurements.push(await measure(comparison, values.quick ? QUICK : FULL))
  return measurements
}

async function runCore(): Promise<void> {
  const effort = values.quick ? QUICK_CORE : FULL_CORE
  for (const processes of PROCESSES) {
    const contenders = coreContenders(processes, { python: python !== undefined })
    const results = await measureCoreWorkload(contenders, processes, effort)
    const operations = effort.operations.toLocaleString('en')
    console.log(
      `\nCore workload: ${processes} × ${operations} operations, 90 % get, 9 % set, 1 % delete, 100 keys`,
    )
    console.log(figuresTable(results))
    console.log(ratiosTable(results))
  }
  console.log(
    'Misses: keys that were absent, and for set operations that were dropped. Ratios: smaller is better.',
  )
}
