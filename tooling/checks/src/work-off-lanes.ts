import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { reportCheck } from './report-check.ts'
import type { SmokeCheck } from './smoke/smoke-check.ts'
import { Workbench } from './smoke/workbench.ts'

/**
 * Packs the packages and makes the checks that the command line asks for: the short ones, with `--full` all, and with a word
 * only those whose title it matches. Lanes are worked off at the same time, each from its first check to its last. Prints one
 * line per check; the exit code is 1 when any failed.
 */
export async function workOffLanes(lanes: readonly (readonly SmokeCheck[])[]): Promise<void> {
  const start = performance.now()
  const { values, positionals } = parseArgs({
    options: { full: { type: 'boolean' } },
    allowPositionals: true,
  })
  const pattern = new RegExp(positionals[0] ?? '', 'i')
  const isWanted = ({ isLong, title }: SmokeCheck) => (values.full || !isLong) && pattern.test(title)
  using bench = await Workbench.open(resolve(import.meta.dirname, '../../..'))
  const counts = await Promise.all(lanes.map((checks) => workOff(checks.filter(isWanted), bench)))
  const failed = counts.reduce((sum, count) => sum + count)
  console.log(`${failed} failed, in ${Math.round((performance.now() - start) / 1_000)} s`)
  process.exitCode = failed > 0 ? 1 : 0
}

/** Gives the number of checks that failed. */
async function workOff(checks: readonly SmokeCheck[], bench: Workbench): Promise<number> {
  let failed = 0
  for (const { title, run } of checks) if (!(await reportCheck(title, () => run(bench)))) failed++
  return failed
}
