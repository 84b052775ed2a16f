import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Child } from '../../../../packages/cache/tests/processes/child.ts'
import type { Scenario, ScenarioContext } from '../scenario.ts'
import type { FullDiskJob, FullDiskReport } from '../workers/full-disk.ts'
import type { NoDescriptorsJob, NoDescriptorsReport } from '../workers/no-descriptors.ts'
import { isDiskCacheError, Siege } from '../workers/siege.ts'

const FULL_DISK = new URL('../workers/full-disk.ts', import.meta.url)
const NO_DESCRIPTORS = new URL('../workers/no-descriptors.ts', import.meta.url)
const LIMIT = 60_000

/** Writes fail with an error that a program can handle, reads go on, and nothing is left of what failed. */
export const full: Scenario = {
  name: 'full',
  minutes: 4,
  async run(context) {
    const parts = [fileSizeLimit, smallFileSystem, noDescriptors]
    const outcomes = await Promise.allSettled(parts.map((part) => part(context)))
    const failures = outcomes
      .filter((outcome) => outcome.status === 'rejected')
      .map(({ reason }) => reason as Error)
    // All parts are worth a report.
    if (failures.length > 0) throw new Error(failures.map(({ stack }) => stack).join('\n'))
    return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<string>).value)
  },
}

/** No file may grow beyond a limit, neither the database nor the log; nobody must be root for that. */
async function fileSizeLimit({ directory, seed }: ScenarioContext): Promise<string> {
  const job: FullDiskJob = { directory: join(directory, 'limited'), seed }
  const shell = 'ulimit -f 4096; exec "$@"'
  const { errors, canEmpty } = await Child.process<FullDiskReport>(FULL_DISK, job, { limit: LIMIT, shell })
    .result
  const siege = new Siege(job.directory, seed + 1, isDiskCacheError)
  siege.cache.clear()
  await siege.workInPeace(200)
  siege.expectWhole()
  siege.close()
  return `ulimit -f: ${listOf(errors)}; entries could ${canEmpty ? '' : 'not '}be deleted meanwhile; works without the limit`
}

/** A file system of 4 MiB in memory, which only these processes see and which ends with them. */
async function smallFileSystem({ directory, seed }: ScenarioContext): Promise<string> {
  const mountPoint = join(directory, 'small')
  mkdirSync(mountPoint)
  const mount = `mount -t tmpfs -o size=4m diskcache "${mountPoint}"`
  const unshare = process.getuid?.() === 0 ? 'unshare -m' : 'unshare -rm'
  const problem = failureOf(`${unshare} bash -c '${mount}'`)
  if (problem !== undefined) return `tmpfs: SKIPPED, it cannot be mounted here: ${problem}`
  const job: FullDiskJob = { directory: join(mountPoint, 'cache'), seed, mountPoint }
  const shell = `exec ${unshare} bash -c '${mount} && exec "$@"' bash "$@"`
  const { errors, canEmpty } = await Child.process<FullDiskReport>(FULL_DISK, job, { limit: LIMIT, shell })
    .result
  return `tmpfs: ${listOf(errors)}; entries could ${canEmpty ? '' : 'not '}be deleted meanwhile; works again with space`
}

async function noDescriptors({ directory, seed }: ScenarioContext): Promise<string> {
  const own = join(directory, 'descriptors')
  mkdirSync(own)
  const job: NoDescriptorsJob = { directory: own, seed }
  const shell = 'ulimit -n 64; exec "$@"'
  const child = Child.process<NoDescriptorsReport>(NO_DESCRIPTORS, job, { limit: LIMIT, shell })
  const { errors, emptyDirectories } = await child.result
  return `ulimit -n 64: ${listOf(errors)}; ${emptyDirectories} empty directories for the sweep; works again with descriptors`
}

function failureOf(command: string): string | undefined {
  try {
    execFileSync('bash', ['-c', command], { stdio: ['ignore', 'ignore', 'pipe'] })
    return undefined
  } catch (error) {
    return (error as Error).message.split('\n').at(-2)
  }
}

function listOf(errors: Record<string, number>): string {
  return Object.entries(errors)
    .map(([code, count]) => `${count} × ${code}`)
    .join(', ')
}
