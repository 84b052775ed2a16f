/** Measures the cache against bare SQLite and python-diskcache, and prints a table. See README.md. */
import { parseArgs } from 'node:util'
import { OPENING } from './comparisons/opening.ts'
import { PROMISES } from './comparisons/promises.ts'
import { AGAINST_PYTHON } from './comparisons/python.ts'
import { READS } from './comparisons/reads.ts'
import { WRITES } from './comparisons/writes.ts'
import { environment } from './environment.ts'
import { type Effort, type Measurement, measure } from './measure.ts'
import { pythonDiskcacheVersion } from './peers/python-diskcache.ts'
import { resultsTable } from './results-table.ts'
import { KEYS } from './workload.ts'

const FULL: Effort = { milliseconds: 3_000, fewestRounds: 10 }

/** Shows that everything runs; its figures are worth little. */
const QUICK: Effort = { milliseconds: 50, fewestRounds: 3 }

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const python = pythonDiskcacheVersion()
const comparisons = [
  ...READS,
  ...WRITES,
  ...PROMISES,
  OPENING,
  ...(python === undefined ? [] : AGAINST_PYTHON),
]

console.log(`${environment()}; ${KEYS.toLocaleString('en')} keys, 100-byte strings, one process`)
console.log(
  python === undefined
    ? 'python-diskcache: skipped, /usr/bin/python3 has none'
    : `python-diskcache ${python}`,
)
const measurements: Measurement[] = []
for (const comparison of comparisons)
  measurements.push(await measure(comparison, values.quick ? QUICK : FULL))
console.log(resultsTable(measurements))
console.log(
  'Goals: the first figure must hold (✔), the second is where we are going (✔✔). WAL frames: ours · yardstick.',
)
