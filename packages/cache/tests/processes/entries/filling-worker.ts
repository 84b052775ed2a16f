import { Cache } from '@diskcache/cache'
import { type Barrier, role } from '../role.ts'

export interface FillingJob {
  readonly directory: string
  readonly name: string
  readonly writes: number
}

/** Writes new entries by both faces, and answers with the largest number of entries that it has seen. */
role(async ({ directory, name, writes }: FillingJob, barrier: Barrier) => {
  using cache = new Cache(directory)
  await barrier()
  let most = 0
  for (let i = 0; i < writes; i += 10) {
    cache.set(`${name} ${i}`, i)
    most = Math.max(most, cache.size)
    await Promise.all(Array.from({ length: 9 }, (_, j) => cache.promises.set(`${name} ${i + j + 1}`, i)))
    most = Math.max(most, cache.size)
  }
  return most
})
