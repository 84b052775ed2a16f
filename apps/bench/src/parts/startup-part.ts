import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import type { Contender } from '../measuring/contender.ts'
import { diskUsage } from '../measuring/disk-usage.ts'
import { atMost } from '../measuring/goal.ts'
import { median } from '../measuring/statistics.ts'
import { takeTurns } from '../measuring/take-turns.ts'
import { tableOf } from '../report/table.ts'
import type { Part } from '../running/part.ts'

const FULL = { milliseconds: 12_000, fewestRounds: 10 }
const QUICK = { milliseconds: 0, fewestRounds: 1, warmUpRounds: 1 }

const PACKAGE = '@diskcache/cache'

const MEBIBYTE = 2 ** 20

/** What a program pays before it begins, and what is installed with it. */
export const STARTUP_PART: Part = {
  name: 'startup',
  minutes: 0.25,
  async run({ quick, progress }) {
    progress(0, 1, 'import')
    const programs = [`import '${PACKAGE}'`, '']
    const [ours = [], bare = []] = await takeTurns(programs.map(processOf), 1, quick ? QUICK : FULL)
    const packages = [...installedPackages(PACKAGE, import.meta.dirname)]
    const all = packages.reduce((sum, [, bytes]) => sum + bytes, 0)
    return {
      title: 'Starting, and what is installed',
      introduction: `A process that imports \`${PACKAGE}\` and ends, and one that does nothing, which takes ${Math.round(median(bare))} ms, take turns. The size is that of the package and all that it needs at run time, as this repository has it.`,
      tables: [
        tableOf('Installed size', packages, {
          package: ([name]) => name,
          MiB: ([, bytes]) => bytes / MEBIBYTE,
        }),
      ],
      goals: [
        {
          work: `import of \`${PACKAGE}\`, cold, over bare Node`,
          goal: atMost(50),
          measured: median(ours.map((time, i) => time - bare[i]!)),
          unit: 'ms',
          note: `Installed size: ${(all / MEBIBYTE).toFixed(1)} MiB in ${packages.length} packages.`,
        },
      ],
    }
  },
}

/** Each call is a Node of its own. */
function processOf(program: string): Contender {
  const args = ['--input-type=module', '--eval', program]
  return {
    time() {
      const start = performance.now()
      const { status } = spawnSync(process.execPath, args, { cwd: import.meta.dirname })
      if (status !== 0) throw new Error(`Cannot run ${program}: it ended with ${status}`)
      return performance.now() - start
    },
  }
}

/** Gives the bytes of a package, of ours only what is published, and of all that it depends on. */
function installedPackages(
  name: string,
  from: string,
  found = new Map<string, number>(),
): Map<string, number> {
  const file = findPackageJSON(name, join(from, 'index.js'))
  if (file === undefined || found.has(name)) return found
  const directory = realpathSync(dirname(file))
  const isOurs = existsSync(join(directory, 'tsup.config.ts'))
  found.set(name, diskUsage(isOurs ? join(directory, 'dist') : directory, 'node_modules'))
  const { dependencies = {} } = JSON.parse(readFileSync(file, 'utf8'))
  for (const dependency of Object.keys(dependencies)) installedPackages(dependency, directory, found)
  return found
}
