/**
 * Packs the packages, installs them outside this repository, as users would, and uses them. The short run has the most telling
 * checks; `--full` has all, and a word only those whose title it matches. Prints one line per check; the exit code is 1 when
 * any failed.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { reportCheck } from './report-check.ts'
import { BUNDLER_CHECKS } from './smoke/bundler-checks.ts'
import { DOOR_CHECKS } from './smoke/door-checks.ts'
import { INSTALL_CHECKS } from './smoke/install-checks.ts'
import { RUNTIME_CHECKS } from './smoke/runtime-checks.ts'
import type { SmokeCheck } from './smoke/smoke-check.ts'
import { TYPE_CHECKS } from './smoke/type-checks.ts'
import { Workbench } from './smoke/workbench.ts'
import { ADAPTER_CHECKS } from './smoke-adapters.ts'
import { COMMAND_CHECKS } from './smoke-command.ts'
import { PACKED_CHECKS } from './smoke-packed.ts'

/** Both are worked off at the same time, each from its first check to its last. */
const LANES: readonly (readonly SmokeCheck[])[] = [
  [...PACKED_CHECKS, ...COMMAND_CHECKS, ...DOOR_CHECKS, ...TYPE_CHECKS, ...INSTALL_CHECKS],
  [...ADAPTER_CHECKS, ...BUNDLER_CHECKS, ...RUNTIME_CHECKS],
]

/** Gives the number of checks that failed. Only those whose title matches are made. */
async function smoke(root: string, isFull: boolean, pattern: RegExp): Promise<number> {
  using bench = await Workbench.open(root)
  const workOff = async (checks: readonly SmokeCheck[]) => {
    let failed = 0
    for (const { title, isLong, run } of checks) {
      const isWanted = (isFull || !isLong) && pattern.test(title)
      if (isWanted && !(await reportCheck(title, () => run(bench)))) failed++
    }
    return failed
  }
  const counts = await Promise.all(LANES.map(workOff))
  return counts.reduce((sum, count) => sum + count)
}

if (import.meta.main) {
  const start = performance.now()
  const { values, positionals } = parseArgs({
    options: { full: { type: 'boolean' } },
    allowPositionals: true,
  })
  const root = resolve(import.meta.dirname, '../../..')
  const failed = await smoke(root, values.full ?? false, new RegExp(positionals[0] ?? '', 'i'))
  console.log(`${failed} failed, in ${Math.round((performance.now() - start) / 1_000)} s`)
  process.exitCode = failed > 0 ? 1 : 0
}
