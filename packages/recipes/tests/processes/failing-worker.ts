import { appendFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { getOrSet } from '../../src/index.ts'
import { hear, job, tell } from './job.ts'

const { directory, runs } = await job<{ directory: string; runs: string }>()
const cache = new Cache(directory)
tell('ready')

await hear()
const make = async (): Promise<never> => {
  appendFileSync(runs, '.')
  await delay(100)
  throw Object.assign(new RangeError('no luck'), { code: 'ERR_NO_LUCK' })
}
const ask = () =>
  getOrSet(cache, 'k', make, { failureTtl: 60_000 }).catch(({ name, message, code }) => ({
    name,
    message,
    code,
  }))
const together = await Promise.all(Array.from({ length: 5 }, ask))
for (let i = 0; i < 5; i++) together.push(await ask())
tell(together)
