/** Measures the packages, and writes the page of the documentation. See README.md. */
import { ALL_PARTS } from './all-parts.ts'
import { type BenchOptions, benchOptions } from './bench-options.ts'
import { environment } from './environment.ts'
import { mergeResults } from './report/merge-results.ts'
import { DOCS_PLACE, type OutputPlace, outputPlace } from './report/output-place.ts'
import type { Part } from './report/part.ts'
import type { PartResult } from './report/part-result.ts'
import { ProgressBar } from './report/progress-bar.ts'
import { ProgressLines } from './report/progress-lines.ts'
import { runParts } from './report/run-parts.ts'
import { terminalReport } from './report/terminal-report.ts'
import { readResults, writeReport } from './report/write-report.ts'

const NAMES = ALL_PARTS.map(({ name }) => name)

await main()

async function main(): Promise<void> {
  const options = readOptions()
  if (options === undefined) return
  if (options.render) return render(options)
  console.log(environment())
  const parts = ALL_PARTS.filter(({ name }) => options.only?.includes(name) ?? true)
  const results = await runParts(parts, options, watcherOf(parts))
  console.log(terminalReport(results))
  if (results.some(({ section }) => section === undefined)) process.exitCode = 1
  const place = placeOf(options)
  if (place !== undefined) await write(mergeResults(readResults(place), results, NAMES), place)
}

/** Says what is wrong with the arguments without showing where the program noticed it. */
function readOptions(): BenchOptions | undefined {
  try {
    return benchOptions(process.argv.slice(2), NAMES)
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 2
    return undefined
  }
}

function watcherOf(parts: readonly Part[]): ProgressBar | ProgressLines {
  return process.stderr.isTTY ? new ProgressBar(parts) : new ProgressLines()
}

/** Only a full run of everything writes into the documentation without being told to. */
function placeOf({ output, quick, only }: BenchOptions): OutputPlace | undefined {
  if (output !== undefined) return outputPlace(output)
  return quick || only !== undefined ? undefined : DOCS_PLACE
}

async function render({ output }: BenchOptions): Promise<void> {
  const place = output === undefined ? DOCS_PLACE : outputPlace(output)
  await write(mergeResults(readResults(place), [], NAMES), place)
}

async function write(results: readonly PartResult[], place: OutputPlace): Promise<void> {
  await writeReport(results, place)
  console.log(`\nWrote ${place.page}`)
}
