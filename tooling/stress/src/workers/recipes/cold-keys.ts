import { appendFileSync, closeSync, openSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { getOrSet } from '@diskcache/recipes'
import { role } from '../../../../../packages/cache/tests/processes/role.ts'
import { openStore, type StorePlace } from './open-store.ts'

export interface ColdKeysJob extends StorePlace {
  /** One after the other; each is a file, which gets a dot when the value is computed. */
  readonly keys: readonly string[]
  readonly callers: number
  /** Milliseconds. */
  readonly lease: number
  /** The first process that computes is killed by it. */
  readonly kills: boolean
}

/** How long it takes to compute, in milliseconds: others find that it is being computed, or that it was just now. */
const TIMES = [100, 1, 0]

/** Gives the values that the callers got for each key. */
role<ColdKeysJob, string[][]>(async ({ keys, callers, lease, kills, ...place }, barrier) => {
  using store = openStore(place)
  const values: string[][] = []
  for (const [i, key] of keys.entries()) {
    const time = TIMES[i % TIMES.length] as number
    const compute = async () => {
      appendFileSync(key, '.')
      if (kills && isFirst(key)) process.kill(process.pid, 'SIGKILL')
      if (time > 0) await delay(time)
      return `computed by ${process.pid}`
    }
    await barrier()
    const calls = Array.from({ length: callers }, () => getOrSet(store, key, compute, { ttl: 60_000, lease }))
    values.push(await Promise.all(calls))
  }
  return values
})

function isFirst(key: string): boolean {
  try {
    closeSync(openSync(`${key}-first`, 'wx'))
    return true
  } catch {
    return false
  }
}
