import type { AsyncStore } from '@diskcache/cache'

export interface Order {
  readonly print: string
  /** Epoch milliseconds. */
  readonly time: number
}

/** What every user has ordered, the latest first. */
export class Orders {
  readonly #store: AsyncStore

  constructor(store: AsyncStore) {
    this.#store = store
  }

  async add(user: string, order: Order): Promise<void> {
    await this.#store.update(keyOf(user), (entry) => ({ set: [order, ...ordersIn(entry?.value)] }))
  }

  async of(user: string): Promise<readonly Order[]> {
    return ordersIn(await this.#store.get(keyOf(user)))
  }
}

function keyOf(user: string): [string, string] {
  return ['orders', user]
}

function ordersIn(value: unknown): readonly Order[] {
  return (value as readonly Order[] | undefined) ?? []
}
