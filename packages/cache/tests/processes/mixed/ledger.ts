import { strictEqual } from 'node:assert'
import type { Cache } from '@diskcache/cache'
import type { Random } from '../random.ts'
import { MIN_FILE_SIZE } from '../stamped-value.ts'
import { type Invariant, PINNED, type WorkerContext } from './invariant.ts'

interface Account {
  readonly balance: number
  /** Makes the value a file. */
  readonly padding: string
}

const ACCOUNTS = Array.from({ length: 10 }, (_, i) => ['account', i])
/** These are kept in files. */
const VAULTS = Array.from({ length: 4 }, (_, i) => ['vault', i])
const START = 1_000

class Undone extends Error {}

/** Money that `transact` moves between accounts is never made or lost, in whatever snapshot one looks at it. */
export const ledger: Invariant<number> = {
  weight: 20,
  prepare: (cache) => {
    for (const key of [...ACCOUNTS, ...VAULTS]) cache.set(key, account(key, START), PINNED)
  },
  work: (context) => {
    const { cache, random } = context
    let looks = 0
    return {
      step: () => {
        const kind = random.below(8)
        if (kind < 3) transfer(context, ACCOUNTS)
        else if (kind < 4) transfer(context, VAULTS)
        else if (kind < 7) {
          looks++
          expectTotal(cache, ACCOUNTS)
          // The files of a snapshot are read after it, so only the lock keeps them together.
        } else cache.transact(() => expectTotal(cache, VAULTS))
      },
      report: () => looks,
    }
  },
  verify: (cache, reports) => {
    expectTotal(cache, ACCOUNTS)
    expectTotal(cache, VAULTS)
    return `${reports.reduce((sum, looks) => sum + looks, 0)} snapshots of constant sum`
  },
}

function account(key: readonly unknown[], balance: number): Account {
  return { balance, padding: key[0] === 'vault' ? '.'.repeat(MIN_FILE_SIZE) : '' }
}

/** Sometimes a part of it, or all of it, is undone. */
function transfer({ cache, random }: WorkerContext, keys: readonly unknown[][]): void {
  const from = random.pick(keys)
  const to = random.pick(keys)
  const amount = random.below(50)
  const fails = random.chance(0.1)
  attempt(() =>
    cache.transact(() => {
      if (random.chance(0.2)) attempt(() => cache.transact(() => steal(cache, random, to)))
      deposit(cache, from, -amount)
      cache.transact(() => deposit(cache, to, amount))
      if (fails) throw new Undone()
    }),
  )
}

function steal(cache: Cache, random: Random, key: unknown[]): never {
  deposit(cache, key, -random.below(500))
  if (random.chance(0.3)) cache.delete(key)
  throw new Undone()
}

function deposit(cache: Cache, key: unknown[], amount: number): void {
  const { balance } = cache.get(key) as Account
  cache.set(key, account(key, balance + amount), PINNED)
}

function attempt(body: () => void): void {
  try {
    body()
  } catch (error) {
    if (!(error instanceof Undone)) throw error
  }
}

function expectTotal(cache: Cache, keys: readonly unknown[][]): void {
  const balances = cache.getMany(keys).map((value) => (value as Account | undefined)?.balance ?? Number.NaN)
  const total = balances.reduce((sum, balance) => sum + balance, 0)
  strictEqual(total, keys.length * START, `the sum of ${keys[0]?.[0]}s changed: ${balances.join(' ')}`)
}
