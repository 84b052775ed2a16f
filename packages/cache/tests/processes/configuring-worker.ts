import { Cache, type PartialSettings } from '@diskcache/cache'
import { role } from './role.ts'

/** Changes settings of a directory. */
role<{ directory: string; settings: PartialSettings }, void>(({ directory, settings }) => {
  using cache = new Cache(directory)
  cache.configure(settings)
})
