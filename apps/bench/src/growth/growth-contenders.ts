import { Cache } from '@diskcache/cache'
import { openAndClose } from '../bare-database.ts'
import { type Contender, InProcess } from '../contender.ts'
import { seededRandom } from '../core-workload/seeded-random.ts'
import { valueRotation } from '../workload.ts'
import { type Draw, hotDraw, scattered, uniformDraw } from './draws.ts'
import type { KeyedStep, Order } from './growth.ts'
import type { Opened, Place } from './growth-places.ts'
import type { GrowthStore } from './growth-store.ts'

const DRAWS: Record<Order, (count: number, random: () => number) => Draw> = {
  random: uniformDraw,
  hot: hotDraw,
}

const KEYED: Record<KeyedStep, (store: GrowthStore, key: string, value: string) => void> = {
  get: (store, key) => store.get(key),
  set: (store, key, value) => store.set(key, value),
  'delete and set': (store, key, value) => {
    store.delete(key)
    store.set(key, value)
  },
}

/** In one transaction. */
const BATCH = 10_000

const SEED = 20

/** In an order in which no neighbours follow each other, as a cache is filled. */
export function fill(store: GrowthStore, keys: number): void {
  const values = valueRotation()
  for (let first = 0; first < keys; first += BATCH) {
    const count = Math.min(BATCH, keys - first)
    store.setMany(Array.from({ length: count }, (_, i) => [keyOf(scattered(first + i, keys)), values.next()]))
  }
}

/** Keys are drawn before each round, outside its timing; every store of a size gets the same ones. */
export function keyed({ stores }: Opened, operation: KeyedStep, order: Order, calls: number): Contender[] {
  const act = KEYED[operation]
  return stores.map(({ store, keys }) => {
    const draw = DRAWS[order](keys, seededRandom(SEED))
    const values = valueRotation()
    let drawn: string[] = []
    let next = 0
    return new InProcess({
      prepare() {
        drawn = Array.from({ length: calls }, () => keyOf(draw()))
        next = 0
      },
      call: () => act(store, drawn[next++] ?? '', values.next()),
    })
  })
}

/** Each call writes a key that is new. */
export function culling({ stores }: Opened): Contender[] {
  return stores.map(({ store, keys }) => {
    const values = valueRotation()
    let key = keys
    return new InProcess({ call: () => store.cull(keyOf(key++), values.next()) })
  })
}

/** Of stores that are open nowhere. */
export function opening(places: readonly Place[]): Contender[] {
  return places.flatMap(({ ours, bare }) => [
    new InProcess({ call: () => new Cache(ours).close() }),
    new InProcess({ call: () => openAndClose(bare) }),
  ])
}

function keyOf(number: number): string {
  return `key:${number}`
}
