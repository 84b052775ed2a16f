import { setTimeout } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'

const cache = new Cache('pipeline-cache')
const USERS = Array.from({ length: 30 }, (_, number) => `user-${number + 1}`)

/** Stands in for a service that is slow, has a quota, and goes away when this is used up. */
let quota = 20
async function askService(user: string): Promise<{ city: string }> {
  await setTimeout(20)
  if (quota-- === 0) throw new Error('the quota is used up')
  return { city: `city ${user.length}` }
}

const enrich = cache.memoize(askService, { name: 'enrich', ttl: 7 * 86_400_000, tag: 'enriched' })

const known = USERS.filter((user) => cache.has(enrich.cacheKey(user))).length
console.log(`${known} of ${USERS.length} are known`)
try {
  const rows: string[] = []
  for (const user of USERS) rows.push(`${user},${(await enrich(user)).city}`)
  console.log(`${rows.length} rows are written`)
} catch (error) {
  console.log(`stopped: ${(error as Error).message}; run it again tomorrow`)
}
cache.close()
