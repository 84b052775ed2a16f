import type { CacheOptions } from '@diskcache/cache'
import { type Comparison, type Side, side } from '../measuring/comparison.ts'
import { atMost } from '../measuring/goal.ts'
import { zipfRanks } from '../measuring/seeded-random.ts'
import { Rotation, Workload } from '../measuring/workload.ts'

/** An order of eviction. */
type Policy = NonNullable<CacheOptions['evictionPolicy']>

const KEYS = 10_000

/** What is read of a full cache before it is filled anew, in rounds over all entries: as many as `s3-fifo` counts. */
const READS_OF_EACH = 3
const FULL_ENTRIES = 2_000

/** Gets keys, the `r`th most popular as often as 1 / r says, and sets those that are not there; half of them fit. */
function underPressure(evictionPolicy: Policy): Side {
  return side(`get, or set where it misses, ${evictionPolicy}`, (stage) => {
    const work = new Workload({ keys: KEYS, bytes: 100 })
    const half = stage.emptyCache()
    half.setMany(work.entries(KEYS / 2))
    const cache = stage.emptyCache({ evictionPolicy, sizeLimit: half.volume() })
    const rank = zipfRanks(KEYS, 7)
    const call = () => {
      const key = work.keyNames[rank()] ?? ''
      return cache.get(key) ?? cache.set(key, work.values.next())
    }
    // So that it comes to hold what its policy keeps.
    for (let i = 0; i < 2 * KEYS; i++) call()
    return { call }
  })
}

/** Gets the entries of a full cache one after the other, that nobody has read before. */
function readFirst(evictionPolicy: Policy): Side {
  return side(`get of all entries of a full cache, ${evictionPolicy}`, (stage) => {
    const work = new Workload({ keys: 2 * FULL_ENTRIES, bytes: 100 })
    const half = stage.emptyCache()
    half.setMany(work.entries(FULL_ENTRIES))
    const cache = stage.emptyCache({ evictionPolicy, sizeLimit: half.volume() })
    let keys = new Rotation(work.keyNames)
    const prepare = () => {
      cache.clear()
      for (const [key, value] of work.entries(2 * FULL_ENTRIES)) cache.set(key, value)
      keys = new Rotation([...cache.keys()] as string[])
    }
    return { prepare, call: () => cache.get(keys.next()) }
  })
}

const yardstick = underPressure('least-recently-stored')

/** What each policy costs, when more is wanted than fits, beside the simplest one. */
export const PRESSURE: readonly Comparison[] = [
  { subject: underPressure('s3-fifo'), yardstick },
  { subject: underPressure('least-recently-used'), yardstick },
  { subject: underPressure('least-frequently-used'), yardstick },
  {
    subject: readFirst('s3-fifo'),
    yardstick: readFirst('least-recently-stored'),
    goal: atMost(1.05),
    calls: READS_OF_EACH * FULL_ENTRIES,
  },
]
