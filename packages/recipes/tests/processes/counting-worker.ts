import { appendFileSync } from 'node:fs'
import { Cache } from '@diskcache/cache'
import { BloomFilter, RollingCounter } from '../../src/index.ts'
import { job, tell } from './job.ts'

/** What several processes count and remember until they are killed. */
export interface CountingJob {
  readonly directory: string
  /** Where each value is noted, in a line of its own, after it was counted and added. */
  readonly journal: string
}

const { directory, journal } = await job<CountingJob>()
const cache = new Cache(directory)
const visits = new RollingCounter(cache, { name: 'visits', period: 'day', keep: 3 })
const seen = new BloomFilter(cache, { name: 'seen', capacity: 50_000, errorRate: 0.001 })
tell('ready')

for (let i = 0; ; i++) {
  const value = `${process.pid} ${i}`
  await visits.incr('/')
  await seen.add(value)
  appendFileSync(journal, `${value}\n`)
}
