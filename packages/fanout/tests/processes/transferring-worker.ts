import { setImmediate } from 'node:timers/promises'
import { hasCode } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { Random } from '../../../cache/tests/processes/random.ts'
import { role } from '../../../cache/tests/processes/role.ts'
import { ACCOUNTS, expectTotal, transfer } from './ledger.ts'

export interface TransferringJob {
  readonly directory: string
  readonly seed: number
  readonly id: number
  readonly transfers: number
  readonly face: 'promises' | 'sync'
}

/** How many tries the transfers took. */
export type TransferringReport = number

class Undone extends Error {}

type Accounts = FanoutCache<number, number>

/** Moves money between accounts in different shards, upwards or downwards, and looks at all of it. */
role<TransferringJob, TransferringReport>(async ({ directory, seed, id, transfers, face }, barrier) => {
  using cache: Accounts = new FanoutCache(directory)
  const random = new Random(seed, id)
  await barrier()
  let tries = 0
  for (let i = 0; i < transfers; i++) {
    const accounts = [random.pick(ACCOUNTS), random.pick(ACCOUNTS)].sort((a, b) => a - b)
    // Who locked shards in the order in which they are used would wait in a circle with the others.
    const [from, to] = (id % 2 === 0 ? accounts : accounts.reverse()) as [number, number]
    const amount = random.below(50)
    const fails = random.chance(0.1)
    const body = () => {
      transfer(cache, from, to, amount)
      expectTotal(cache)
      if (fails) throw new Undone()
    }
    tries += await undoable(() => (face === 'sync' ? again(cache, body) : later(cache, body)))
  }
  return tries
})

async function undoable(act: () => Promise<number>): Promise<number> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof Undone) return 1
    throw error
  }
}

/** The synchronous face gives up where others have a lock; gives how many tries it took. */
async function again(cache: Accounts, body: () => void): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      cache.transact(body)
      return tries
    } catch (error) {
      if (!hasCode(error, 'ERR_DISKCACHE_TIMEOUT')) throw error
      await setImmediate()
    }
  }
}

async function later(cache: Accounts, body: () => void): Promise<number> {
  await cache.promises.transact(body)
  return 1
}
