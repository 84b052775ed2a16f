import { type GrowthStore, growingBare, growingCache } from './growth-store.ts'

/** Two kinds of store at each number of keys, on the disk. */
export interface Place {
  readonly keys: number
  readonly ours: string
  readonly bare: string
}

/** All stores, ours before the bare one at each size. */
export class Opened implements Disposable {
  readonly #resources = new DisposableStack()
  readonly stores: readonly { readonly store: GrowthStore; readonly keys: number }[]

  constructor(places: readonly Place[]) {
    this.stores = places.flatMap(({ keys, ours, bare }) => [
      { keys, store: this.#resources.use(growingCache(ours)) },
      { keys, store: this.#resources.use(growingBare(bare)) },
    ])
  }

  [Symbol.dispose](): void {
    this.#resources.dispose()
  }
}
