import { Random } from '../../../../../packages/cache/tests/processes/random.ts'
import { job, tell } from '../../../../../packages/recipes/tests/processes/job.ts'
import { type Histories, makeRecipe, PLACES, type Recipe } from './door-and-hall.ts'
import { Holder } from './holder.ts'
import { openStore, type StorePlace } from './open-store.ts'
import { waysToHold } from './ways-to-hold.ts'

export interface HoldingJob extends StorePlace {
  readonly seed: number
  /** Of this process, and never again. */
  readonly id: number
  /** Milliseconds. */
  readonly lease: number
  readonly histories: Histories
}

/** Two of a kind: the call chains of one process exclude each other as processes do. */
const RECIPES: readonly Recipe[] = ['Lock', 'RLock', 'RLock', 'BoundedSemaphore', 'BoundedSemaphore']

const { seed, id, lease, histories, ...place } = await job<HoldingJob>()
const store = openStore(place)
const holders = RECIPES.map((recipe, i) => {
  const random = new Random(seed, id, i)
  const key = PLACES[recipe]
  const ways = waysToHold(makeRecipe(recipe, store, lease), random)
  return new Holder({ store, key, history: histories[key], id: `${id}.${i}`, ways, lease }, random)
})
tell('ready')
await Promise.all(holders.map((holder) => holder.holdForEver()))
