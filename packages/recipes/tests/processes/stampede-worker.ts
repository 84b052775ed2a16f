import { appendFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { getOrSet } from '../../src/index.ts'
import { hear, job, tell } from './job.ts'

const { directory, runs } = await job<{ directory: string; runs: string }>()
const cache = new Cache(directory)
tell('ready')

await hear()
const make = async () => {
  appendFileSync(runs, '.')
  await delay(100)
  return process.pid
}
tell(await Promise.all(Array.from({ length: 25 }, () => getOrSet(cache, 'k', make, { ttl: 60_000 }))))
