import type { AsyncStore, Key, Store } from '@diskcache/core'

/** What is computed for a key, and comes back from the cache as it was. */
export interface Made {
  /** When it was computed, in epoch milliseconds. */
  readonly made: number
}

export type Compute = (key: string) => Promise<Made>

/** A store as an application opens it. */
export type AnyFace = Store<Key> | AsyncStore<Key>

/** A part of an application that asks for values by their key, over a cache or without one. */
export interface User extends AsyncDisposable {
  ask(key: string): Promise<Made>
}

/** How a kind of user is made on a store of its own. */
export interface UserKind {
  readonly name: string
  /** The control that it is compared with: what asks in the same way, without a cache. */
  readonly control: 'call' | 'request'
  open(store: AnyFace, compute: Compute): Promise<User>
}

/** Makes a user of a function that has nothing to close. */
export function callingUser(ask: User['ask']): User {
  return { ask, async [Symbol.asyncDispose]() {} }
}
