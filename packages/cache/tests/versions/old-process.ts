import { role } from '../processes/role.ts'
import { type SharingJob, share } from './share.ts'

/** What a process of another version does: the cache comes from the package of that name. */
role<SharingJob & { readonly module: string }, void>(async ({ module, ...job }, barrier) => {
  const { Cache } = (await import(module)) as typeof import('@diskcache/cache')
  using cache = new Cache(job.directory)
  await barrier()
  share(cache, job)
})
