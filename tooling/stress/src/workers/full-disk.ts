import { ok } from 'node:assert'
import { execFileSync } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { role } from '../../../../packages/cache/tests/processes/role.ts'
import { isDiskCacheError, Siege } from './siege.ts'

export interface FullDiskJob {
  readonly directory: string
  readonly seed: number
  /** Where more space can be had: the mount point of a file system in memory. */
  readonly mountPoint?: string
}

export interface FullDiskReport {
  readonly errors: Record<string, number>
  /** Whether entries can be deleted while the disk is full. */
  readonly canEmpty: boolean
}

/** Longer than what is noted about reads stays in memory. */
const READ_LOG_INTERVAL = 1_200

role<FullDiskJob, FullDiskReport>(async ({ directory, seed, mountPoint }) => {
  const siege = new Siege(directory, seed, isDiskCacheError)
  await siege.workInPeace(50)
  ok((await siege.fill(100_000)) < 100_000, 'the disk does not become full')
  for (let i = 0; i < 10; i++) {
    await siege.work(40)
    await siege.fill(20)
  }
  await setTimeout(READ_LOG_INTERVAL)
  siege.read()
  siege.expectWhole()
  const canEmpty = await siege.empty()
  siege.expectWhole()
  if (mountPoint !== undefined) {
    await siege.fill(100_000)
    execFileSync('mount', ['-o', 'remount,size=256m', mountPoint])
    await siege.workInPeace(200)
    siege.expectWhole()
  }
  siege.close()
  return { errors: siege.errors, canEmpty }
})
