import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { storeHealth } from '@diskcache/recipes'
import type { AnyFace } from '../../../../packages/adapters/tests/absent/user.ts'
import { now } from './now.ts'

/** A change that the channel `diskcache:health` told of. */
export interface HealthChange {
  /** `undefined` when it told what `storeHealth` says of no store. */
  readonly store: string | undefined
  readonly reason: string
  readonly time: number
}

/** What the channel tells of some stores, for as long as this is not disposed of. */
export class HealthLog implements Disposable {
  readonly changes: HealthChange[] = []
  /** How the stores do, as far as was told. */
  readonly #known = new Map<string, { readonly store: AnyFace; status: string }>()

  constructor() {
    subscribe('diskcache:health', this.#listen)
  }

  watch(name: string, store: AnyFace): void {
    this.#known.set(name, { store, status: 'up' })
  }

  get stores(): string[] {
    return [...this.#known.keys()]
  }

  /** Returns the stores that are not up. */
  get troubled(): string[] {
    return Array.from(this.#known, ([name, { store }]) => `${name} ${storeHealth(store).status}`).filter(
      (text) => !text.endsWith(' up'),
    )
  }

  [Symbol.dispose](): void {
    unsubscribe('diskcache:health', this.#listen)
  }

  /** A server has no name: the store is the one of which something else is known now. */
  readonly #listen = (message: unknown): void => {
    const { reason } = message as { reason: string }
    const changed = Array.from(this.#known).find(
      ([, { store, status }]) => status !== reason && storeHealth(store).status === reason,
    )
    if (changed !== undefined) changed[1].status = reason
    this.changes.push({ store: changed?.[0], reason, time: now() })
  }
}
