import { appendFileSync } from 'node:fs'
import { throttle } from '@diskcache/recipes'
import { role } from '../../../../../packages/cache/tests/processes/role.ts'
import { openStore, type StorePlace } from './open-store.ts'

export interface ThrottledJob extends StorePlace {
  /** So many calls in a second. */
  readonly count: number
  /** Milliseconds. */
  readonly duration: number
  /** A file, which gets a line for each call: when it was asked for, and when it began. */
  readonly calls: string
}

role<ThrottledJob, void>(async ({ count, duration, calls, ...place }, barrier) => {
  using store = openStore(place)
  const note = (asked: bigint) => appendFileSync(calls, `${asked} ${process.hrtime.bigint()}\n`)
  const noteSometimes = throttle(store, note, { name: 'note', count, per: 1_000 })
  await barrier()
  const end = performance.now() + duration
  while (performance.now() < end) await noteSometimes(process.hrtime.bigint())
})
