import { strictEqual } from 'node:assert'
import type { Cache } from '@diskcache/cache'
import type { Invariant } from '../../../../cache/tests/processes/mixed/invariant.ts'
import { ACCOUNTS, expectTotal, openAccounts, transfer } from '../ledger.ts'

type Accounts = Cache<number, number>

class Undone extends Error {}

/** Money that `transact` moves between shards is never made or lost, in the eyes of whoever looks inside `transact`. */
export const shardLedger: Invariant<number> = {
  weight: 20,
  prepare: (cache) => openAccounts(cache as unknown as Accounts),
  work: ({ cache, random }) => {
    const accounts = cache as unknown as Accounts
    let looks = 0
    return {
      step: () => {
        if (random.chance(0.3)) {
          looks++
          return accounts.transact(() => expectTotal(accounts))
        }
        const [from, to] = [random.pick(ACCOUNTS), random.pick(ACCOUNTS)]
        const fails = random.chance(0.1)
        undoable(() =>
          accounts.transact(() => {
            if (random.chance(0.2)) undoable(() => accounts.transact(() => steal(accounts, from)))
            accounts.transact(() => transfer(accounts, from, to, random.below(50)))
            if (fails) throw new Undone()
          }),
        )
      },
      report: () => looks,
    }
  },
  verify: (cache, reports) => {
    expectTotal(cache as unknown as Accounts)
    return `${reports.reduce((sum, looks) => sum + looks, 0)} looks over all shards of constant sum`
  },
}

function steal(accounts: Accounts, key: number): never {
  strictEqual(accounts.delete(key), true)
  throw new Undone()
}

function undoable(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof Undone)) throw error
  }
}
