/** Measures the packages, and writes the pages of the documentation that show it. See README.md. */
import { ALL_PARTS, LONE_PARTS } from './all-parts.ts'
import { circumstances } from './report/circumstances.ts'
import { mergeResults, readResults, writeResults } from './report/results-file.ts'
import { terminalReport } from './report/terminal-report.ts'
import { writeReport, writeTables } from './report/write-report.ts'
import { type BenchOptions, benchOptions } from './running/bench-options.ts'
import { ProgressBar } from './running/progress-bar.ts'
import { runParts } from './running/run-parts.ts'

const NAMES = ALL_PARTS.map(({ name }) => name)
const LONE_NAMES = LONE_PARTS.map(({ name }) => name)

try {
  const options = benchOptions(process.argv.slice(2), [...NAMES, ...LONE_NAMES])
  if (options.render) await render(options)
  else await measure(options)
} catch (error) {
  // Where the program noticed what is wrong with the arguments is of no interest.
  console.error((error as Error).message)
  process.exitCode = 2
}

async function measure({ only, quick, details }: BenchOptions): Promise<void> {
  console.log(circumstances())
  const parts =
    only === undefined ? ALL_PARTS : [...ALL_PARTS, ...LONE_PARTS].filter(({ name }) => only.includes(name))
  const bar = new ProgressBar(parts)
  const results = await runParts(parts, quick, bar)
  bar.stop()
  console.log(terminalReport(results, details || only !== undefined))
  if (results.some(({ section }) => section === undefined)) process.exitCode = 1
  if (quick) return
  await writeTables(results.filter(({ name }) => LONE_NAMES.includes(name)))
  const all = mergeResults(readResults(), results, NAMES)
  writeResults(all)
  // Some parts alone would make a page of figures from different days without being told to.
  if (only === undefined) await writeReport(all)
}

async function render({ details }: BenchOptions): Promise<void> {
  const results = mergeResults(readResults(), [], NAMES)
  const missing = NAMES.filter((name) => results.every((result) => result.name !== name))
  if (missing.length > 0)
    throw new Error(`Cannot render: there are no results of ${missing.join(', ')}; measure them first`)
  console.log(terminalReport(results, details))
  await writeReport(results)
}
