import type { NamedPolicy } from '@diskcache/cache'
import { type Comparison, type Side, side } from '../measuring/comparison.ts'
import { seededRandom } from '../measuring/seeded-random.ts'
import { Workload } from '../measuring/workload.ts'

const KEYS = 10_000

/** Gets keys, the `r`th most popular as often as 1 / r says, and sets those that are not there; half of them fit. */
function underPressure(evictionPolicy: NamedPolicy): Side {
  return side(`get, or set where it misses, ${evictionPolicy}`, (stage) => {
    const work = new Workload({ keys: KEYS, bytes: 100 })
    const half = stage.emptyCache()
    half.setMany(work.entries(KEYS / 2))
    const cache = stage.emptyCache({ evictionPolicy, sizeLimit: half.volume() })
    const random = seededRandom(7)
    const call = () => {
      const key = work.keyNames[Math.floor(KEYS ** random()) - 1] ?? ''
      return cache.get(key) ?? cache.set(key, work.values.next())
    }
    // So that it comes to hold what its policy keeps.
    for (let i = 0; i < 2 * KEYS; i++) call()
    return { call }
  })
}

const yardstick = underPressure('least-recently-stored')

/** What each policy costs, when more is wanted than fits, beside the default. */
export const PRESSURE: readonly Comparison[] = [
  { subject: underPressure('least-recently-used'), yardstick },
  { subject: underPressure('least-frequently-used'), yardstick },
]
