import { setgid, setgroups, setuid } from 'node:process'
import { Cache } from '../../src/cache.ts'
import type { CacheOptions } from '../../src/context/cache-options.ts'
import { role } from '../processes/role.ts'

export interface GroupUserJob {
  readonly directory: string
  readonly user: number
  /** The groups of the user, the own one first. */
  readonly groups: readonly number[]
  readonly options: CacheOptions
  readonly key: string
  /** Keys of others, to be read, replaced and deleted. */
  readonly others: readonly string[]
}

const LARGE = 'x'.repeat(100_000)

/** What the user found under the keys of others, before replacing them. */
export type GroupUserReport = readonly unknown[]

role<GroupUserJob, GroupUserReport>(({ directory, user, groups, options, key, others }) => {
  setgroups?.([...groups])
  setgid?.(groups[0] as number)
  setuid?.(user)
  process.umask(0o077)
  using cache = new Cache(directory, options)
  const found = others.map((other) => String(cache.get(other)).length)
  for (const other of others) {
    cache.set(other, LARGE)
    cache.delete(other)
    cache.set(other, 'replaced')
  }
  cache.set(key, LARGE)
  cache.set(`${key}, small`, 1)
  if (cache.check({ fix: true }).length > 0) throw new Error('The check finds something')
  return found
})
