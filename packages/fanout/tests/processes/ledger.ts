import { strictEqual } from 'node:assert'
import type { Store } from '@diskcache/core'

/** Small integers are their own hash, so these lie in different shards, twice round. */
export const ACCOUNTS: readonly number[] = [...Array(16).keys()]

const START = 1_000

type Accounts = Pick<Store<number, number>, 'get' | 'set' | 'incr' | 'decr' | 'getMany'>

export function openAccounts(store: Accounts): void {
  for (const key of ACCOUNTS) strictEqual(store.set(key, START, { pin: true }), true)
}

/** Moves money between accounts, inside a transaction. */
export function transfer(store: Accounts, from: number, to: number, amount: number): void {
  store.decr(from, amount)
  store.set(to, (store.get(to) ?? Number.NaN) + amount, { pin: true })
}

/** Throws when money has been made or lost. */
export function expectTotal(store: Accounts): void {
  const balances = store.getMany(ACCOUNTS)
  const total = balances.reduce<number>((sum, balance) => sum + (balance ?? Number.NaN), 0)
  strictEqual(total, ACCOUNTS.length * START, `the sum of the accounts changed: ${balances.join(' ')}`)
}
