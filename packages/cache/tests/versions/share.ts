import { equal } from 'node:assert/strict'
import type { Cache } from '@diskcache/cache'

/** A cache of any version: of its class, two copies may be there. */
export type AnyCache = Pick<Cache, 'delete' | 'get' | 'incr' | 'push' | 'set' | 'transact' | 'update'>

/** What one of two processes does in a directory that they share. */
export interface SharingJob {
  readonly directory: string
  /** Its own, in its keys. */
  readonly name: string
  readonly rounds: number
}

/** So long that it becomes a file in a directory of the samples. */
export const LONG = 'l'.repeat(300)

/** Counts with the other process, and writes, reads and removes entries of its own, a few of which stay. */
export function share(cache: AnyCache, { name, rounds }: SharingJob): void {
  for (let round = 0; round < rounds; round++) {
    cache.incr('shared')
    cache.set([name, round], LONG, { tag: name })
    equal(cache.get([name, round]), LONG)
    cache.push(round, { prefix: name })
    if (round % 10 > 0) cache.delete([name, round])
    cache.transact(() => cache.update('rounds', (entry) => ({ set: ((entry?.value as number) ?? 0) + 1 })))
  }
}
