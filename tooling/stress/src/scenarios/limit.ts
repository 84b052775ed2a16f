import { ok } from 'node:assert'
import { join } from 'node:path'
import { Child, results } from '../../../../packages/cache/tests/processes/child.ts'
import { mebibytes } from '../mebibytes.ts'
import type { Scenario, ScenarioContext } from '../scenario.ts'
import type { FillingJob, FillingReport, MixName } from '../workers/filling.ts'

const FILLING = new URL('../workers/filling.ts', import.meta.url)
const MINUTES = 20
const MIB = 2 ** 20

const MIXES: readonly MixName[] = [
  'tiny',
  'small, then large',
  'small, then 500 KB',
  'mixed',
  'ttl',
  'files',
  'LRU',
  'LFU',
  'fanout',
  'three processes',
]

/** How many times the limit is written. */
const TIMES = 3

/** The most that a directory may take of its limit, one value and the log apart. */
const MOST = 1.15

/** What the log may have beyond its bound while it is written: the commit that reaches it. */
const LAST_COMMIT = MIB

/** How many times its bound the log may take while several processes write without a pause, on a machine that is busy. */
const CROWD = 3

/** The directory stays within its size limit, as `du` counts, whatever is written, and the log within its bound. */
export const limit: Scenario = {
  name: 'limit',
  minutes: MINUTES,
  async run(context) {
    const limits = context.short ? [2 * MIB] : [2 * MIB, 32 * MIB, 256 * MIB]
    const lines: string[] = []
    for (const sizeLimit of limits) {
      for (const mix of MIXES) lines.push(await fill(mix, sizeLimit, context))
    }
    const broken = lines.filter((line) => line.endsWith('BROKEN'))
    ok(broken.length === 0, `beyond the limit:\n${lines.join('\n')}`)
    return lines
  },
}

async function fill(mix: MixName, sizeLimit: number, { directory, seed }: ScenarioContext): Promise<string> {
  const processes = mix === 'three processes' ? 3 : 1
  const children = Array.from({ length: processes }, (_, i) => {
    const job: FillingJob = {
      directory: join(directory, `${mix} ${sizeLimit / MIB}`),
      mix,
      sizeLimit,
      bytes: (TIMES * sizeLimit) / processes,
      seed: seed + i,
    }
    return Child.process<FillingReport>(FILLING, job, { limit: MINUTES * 60_000 })
  })
  const reports = await results(children)
  const greatest = (of: (report: FillingReport) => number) => Math.max(...reports.map(of))
  const ratio = greatest(({ most }) => most) / sizeLimit
  const bound = Math.max(2 * MIB, Math.min(8 * MIB, sizeLimit / 16))
  const [mostLog, lastLog] = [greatest((report) => report.mostLog), greatest((report) => report.lastLog)]
  const bearable = processes === 1 ? bound + LAST_COMMIT : bound * CROWD
  const isKept = ratio <= MOST && mostLog <= bearable && lastLog <= bound
  const log = `log ${mebibytes(mostLog)}, at rest ${mebibytes(lastLog)} of ${mebibytes(bound)}`
  const name = `${mebibytes(sizeLimit).padStart(9)}  ${mix.padEnd(18)}`
  return `${name} ${ratio.toFixed(2)} of the limit; ${log}${isKept ? '' : '  BROKEN'}`
}
