import { copyDirectory } from '@diskcache/cache'
import { role } from '../role.ts'

/** What is to be copied, and where to. */
export interface CopyJob {
  readonly source: string
  readonly target: string
}

role<CopyJob, number>(async ({ source, target }, barrier) => {
  await barrier()
  return (await copyDirectory(source, target)).length
})
