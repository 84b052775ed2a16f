import type { AsyncStore } from '@diskcache/cache'
import { pause } from './pause.ts'
import { PRINTS, type Print } from './print.ts'

/** What may change of a print. */
type Offer = Pick<Print, 'price' | 'stock'>

/** The prints with their prices and stocks: the slow database behind the shop. */
export class Catalogue {
  readonly #store: AsyncStore
  readonly #queryTime: number

  /** `queryTime` is how long each query takes, in milliseconds. */
  constructor(store: AsyncStore, queryTime: number) {
    this.#store = store
    this.#queryTime = queryTime
  }

  async list(): Promise<Print[]> {
    await pause(this.#queryTime)
    const offers = await this.#store.getMany(PRINTS.map(({ id }) => keyOf(id)))
    return PRINTS.map((print, at) => ({ ...print, ...(offers[at] as Offer | undefined) }))
  }

  async find(id: string): Promise<Print | undefined> {
    await pause(this.#queryTime)
    const print = PRINTS.find((print) => print.id === id)
    return print && { ...print, ...((await this.#store.get(keyOf(id))) as Offer | undefined) }
  }

  /** Sets the price, in euros. Gives the print, or `undefined` if there is none of this name. */
  reprice(id: string, price: number): Promise<Print | undefined> {
    return this.#change(id, ({ stock }) => ({ price, stock }))
  }

  /** Takes one out of the stock, if there is one; whether there was. */
  async takeOne(id: string): Promise<boolean> {
    let isThere = false
    await this.#change(id, ({ price, stock }) => {
      isThere = stock > 0
      return { price, stock: isThere ? stock - 1 : 0 }
    })
    return isThere
  }

  /** As one step, whatever other processes do at the same time. */
  async #change(id: string, change: (offer: Offer) => Offer): Promise<Print | undefined> {
    const print = PRINTS.find((print) => print.id === id)
    if (print === undefined) return undefined
    const entry = await this.#store.update(keyOf(id), (entry) => ({
      set: change((entry?.value as Offer | undefined) ?? print),
    }))
    return { ...print, ...(entry?.value as Offer) }
  }
}

function keyOf(id: string): [string, string] {
  return ['print', id]
}
