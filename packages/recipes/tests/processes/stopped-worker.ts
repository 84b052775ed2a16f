import { Cache } from '@diskcache/cache'
import { type DiskCacheError, hasCode } from '@diskcache/core'
import { Lock, setIfNewer } from '../../src/index.ts'
import { hear, job, tell } from './job.ts'

export interface StoppedReport {
  /** What `lost`, `check()` and `release()` said, and whether `setIfNewer` wrote. */
  readonly isAborted: boolean
  readonly checkCode: string | undefined
  readonly releaseCode: string | undefined
  readonly isStored: boolean
}

const { directory, lease } = await job<{ directory: string; lease: number }>()
const cache = new Cache(directory)
const hold = await new Lock(cache, 'k', { lease }).acquire()
const { lost } = hold
tell(hold.token)

// Here it is stopped, and goes on.
await hear()
const checkCode = codeOf(() => hold.check())
const isStored = await setIfNewer(cache, 'k', 'stale', hold.token)
const report: StoppedReport = {
  isAborted: lost.aborted,
  checkCode,
  releaseCode: await hold.release().then(
    () => undefined,
    (error: DiskCacheError) => error.code,
  ),
  isStored,
}
tell(report)

function codeOf(task: () => void): string | undefined {
  try {
    task()
    return undefined
  } catch (error) {
    return hasCode(error, 'ERR_DISKCACHE_LOCK_LOST') ? (error as DiskCacheError).code : String(error)
  }
}
