import { setTimeout } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { diskUsage } from '../../../../packages/cache/tests/disk-usage.ts'
import { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { role } from '../../../../packages/cache/tests/processes/role.ts'

export interface FillingJob {
  readonly directory: string
  readonly mix: MixName
  readonly sizeLimit: number
  /** The bytes to write, what rows take beside their values included. */
  readonly bytes: number
  readonly seed: number
}

export interface FillingReport {
  /** The most that the directory took, without the log and one value of the largest, in bytes. */
  readonly most: number
  /** The most that the logs took together, and what they took a second after the last write, in bytes. */
  readonly mostLog: number
  readonly lastLog: number
  readonly writes: number
}

interface Mix {
  /** Returns the length of the next value, when a share of all is done. */
  readonly length: (random: Random, done: number) => number
  readonly ttl?: (random: Random) => number
  readonly policy?: 'least-recently-used' | 'least-frequently-used'
  readonly isFanout?: boolean
}

const KIB = 1024
const mixed = (random: Random) => Math.round(100 * 3_000 ** (random.below(1e6) / 1e6))

/** What is written. From 32 KiB on, a value is a file. */
export const MIXES = {
  tiny: { length: (random) => 10 + random.below(90) },
  'small, then large': { length: (_, done) => (done < 0.5 ? KIB : 100 * KIB) },
  'small, then 500 KB': { length: (_, done) => (done < 0.5 ? KIB : 500_000) },
  mixed: { length: mixed },
  ttl: { length: (random) => 100 + random.below(20_000), ttl: (random) => 1 + random.below(20_000) },
  files: { length: (random) => 33_000 + random.below(100_000) },
  LRU: { length: mixed, policy: 'least-recently-used' },
  LFU: { length: mixed, policy: 'least-frequently-used' },
  fanout: { length: mixed, isFanout: true },
  'three processes': { length: mixed },
} satisfies Record<string, Mix>

export type MixName = keyof typeof MIXES

const ROW_BYTES = 100

/** How often a filling process looks at the disk. */
const LOOKS = 60

role<FillingJob, FillingReport>(async ({ directory, mix: name, sizeLimit, bytes, seed }) => {
  const mix: Mix = MIXES[name]
  const random = new Random(seed)
  const options = { sizeLimit, ...(mix.policy && { evictionPolicy: mix.policy }) }
  const cache = mix.isFanout
    ? new FanoutCache(directory, { ...options, timeout: 5_000 })
    : new Cache(directory, options)
  const value = 'x'.repeat(500_000)
  let [written, writes, largest, most, mostLog] = [0, 0, 0, 0, 0]
  for (let look = 1; look <= LOOKS; look++) {
    while (written < (look / LOOKS) * bytes) {
      const length = mix.length(random, written / bytes)
      const options = mix.ttl && { ttl: mix.ttl(random) }
      cache.set(`${seed}:${writes++}`, value.slice(0, length), options)
      if (mix.policy !== undefined) cache.get(`${seed}:${Math.floor((writes * random.below(1e6)) / 1e6)}`)
      written += length + ROW_BYTES
      largest = Math.max(largest, length)
    }
    const { logs, rest } = diskUsage(directory)
    most = Math.max(most, rest - largest)
    mostLog = Math.max(mostLog, logs)
    await setTimeout(0)
  }
  await setTimeout(1_000)
  const { logs: lastLog } = diskUsage(directory)
  cache.close()
  return { most, mostLog, lastLog, writes }
})
