import {
  type AnyStore,
  checkNumber,
  checkOptions,
  type Key,
  type RecipeStore,
  recipeStore,
  refuseInTransaction,
  rowKey,
  type WriteOptions,
} from '@diskcache/core'

interface Sum {
  readonly total: number
  readonly count: number
}

/** The average of numbers that all processes add. */
export class Averager {
  readonly #store: RecipeStore
  readonly #rowKey: Key
  readonly #options: WriteOptions

  /** Options of the row: `ttl`, in milliseconds, begins anew with each number; it is pinned unless `pin` is `false`. */
  constructor(store: AnyStore, key: Key, options: WriteOptions = {}) {
    checkOptions('the options of Averager', options, ['ttl', 'tag', 'pin'])
    this.#store = recipeStore(store)
    this.#rowKey = rowKey('averager', key)
    this.#options = { pin: true, ...options }
  }

  /** @throws TypeError, RangeError for what is no finite number */
  async add(value: number): Promise<void> {
    checkNumber('value', value)
    refuseInTransaction(this.#store)
    await this.#store.update(this.#rowKey, (entry) => {
      const { total, count } = (entry?.value ?? { total: 0, count: 0 }) as Sum
      return { set: { total: total + value, count: count + 1 }, ...this.#options }
    })
  }

  /** `undefined` when nothing was added. */
  async get(): Promise<number | undefined> {
    refuseInTransaction(this.#store)
    return average(await this.#store.get(this.#rowKey))
  }

  /** Gives the average, and begins anew. */
  async pop(): Promise<number | undefined> {
    refuseInTransaction(this.#store)
    return average((await this.#store.popEntry(this.#rowKey))?.value)
  }
}

function average(sum: unknown): number | undefined {
  if (sum === undefined) return undefined
  const { total, count } = sum as Sum
  return total / count
}
