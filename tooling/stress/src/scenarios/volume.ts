import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Child } from '../../../../packages/cache/tests/processes/child.ts'
import type { Scenario } from '../scenario.ts'
import type { FullVolumeJob, FullVolumeReport } from '../workers/full-volume.ts'

const FULL_VOLUME = new URL('../workers/full-volume.ts', import.meta.url)
const MINUTES = 10

/** On a volume of 16 MiB, alone with a larger limit or beside others that fill it, a cache is never stuck. */
export const volume: Scenario = {
  name: 'volume',
  minutes: MINUTES,
  async run({ directory, seed, short }) {
    const mountPoint = join(directory, 'small')
    mkdirSync(mountPoint)
    const mount = `mount -t tmpfs -o size=16m diskcache "${mountPoint}"`
    const unshare = process.getuid?.() === 0 ? 'unshare -m' : 'unshare -rm'
    const problem = failureOf(`${unshare} bash -c '${mount}'`)
    if (problem !== undefined) return [`SKIPPED, no tmpfs can be mounted here: ${problem}`]
    const job: FullVolumeJob = { mountPoint, seed, runs: short ? 6 : 200 }
    const shell = `exec ${unshare} bash -c '${mount} && exec "$@"' bash "$@"`
    const child = Child.process<FullVolumeReport>(FULL_VOLUME, job, { limit: MINUTES * 60_000, shell })
    const { sets, refused } = await child.result
    return [
      `${job.runs} runs, 0 stuck; openings, reads and removals all went on; of ${sets} sets ${refused} were refused`,
    ]
  },
}

function failureOf(command: string): string | undefined {
  try {
    execFileSync('bash', ['-c', command], { stdio: ['ignore', 'ignore', 'pipe'] })
    return undefined
  } catch (error) {
    return (error as Error).message.split('\n').at(-2)
  }
}
