import { setTimeout as sleep } from 'node:timers/promises'
import type { Cache } from '@diskcache/cache'

type Prices = Cache<string, number>['promises']

/** Something that the shop sells. */
export interface Product {
  readonly id: string
  readonly name: string
  /** In cents. */
  readonly price: number
}

const NAMES: Readonly<Record<string, string>> = { lamp: 'Lamp', chair: 'Chair', clock: 'Clock' }

/** What a product costs before somebody sets a price, in cents. */
const FIRST_PRICE = 4_900

/** The products and their prices, in a database that takes its time. */
export class Shop {
  readonly #prices: Prices
  readonly #queryTime: number

  constructor(prices: Prices, queryTime: number) {
    this.#prices = prices
    this.#queryTime = queryTime
  }

  /** All products. */
  async products(): Promise<Product[]> {
    const found = await Promise.all(Object.keys(NAMES).map((id) => this.product(id)))
    return found.filter((product) => product !== undefined)
  }

  /** The product, or `undefined` when there is none with this id. */
  async product(id: string): Promise<Product | undefined> {
    const name = Object.hasOwn(NAMES, id) ? NAMES[id] : undefined
    if (name === undefined) return undefined
    await sleep(this.#queryTime)
    return { id, name, price: (await this.#prices.get(id)) ?? FIRST_PRICE }
  }

  /** Sets the price of a product, in cents. */
  async setPrice(id: string, price: number): Promise<void> {
    await this.#prices.set(id, price)
  }
}
