import { Cache } from '@diskcache/cache'
import { Random } from '../random.ts'
import { role } from '../role.ts'

/** What a writer is to do until it is killed. */
export interface PairJob {
  readonly directory: string
  readonly writer: number
  readonly seed: number
  /** So little that entries are culled all the time, and their files removed. */
  readonly sizeLimit: number
}

const SHARED_KEYS = 300

role<PairJob, never>(async ({ directory, writer, seed, sizeLimit }, barrier) => {
  const random = new Random(seed, writer)
  const cache = new Cache<string>(directory, { sizeLimit, timeout: 60_000 })
  const text = (least: number, most: number) => 'x'.repeat(least + random.below(most - least))
  await barrier()
  for (let n = Number(cache.get(`a:${writer}`) ?? 0) + 1; ; n++) {
    cache.transact(() => {
      // With the number of all writers, every moment can be told from every other one.
      cache.set('all', Number(cache.get('all') ?? 0) + 1, { pin: true })
      cache.set(`a:${writer}`, n, { pin: true })
      cache.set(`b:${writer}`, `${n}:${text(40_000, 140_000)}`, { pin: true })
    })
    cache.set(`k${random.below(SHARED_KEYS)}`, random.chance(0.5) ? text(0, 2_000) : text(33_000, 300_000))
    if (random.chance(0.2)) cache.delete(`k${random.below(SHARED_KEYS)}`)
  }
})
