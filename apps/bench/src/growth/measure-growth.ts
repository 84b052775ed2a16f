import type { Contender } from '../contender.ts'
import type { PartContext } from '../report/part.ts'
import { Stage } from '../stage.ts'
import { type Effort, takeTurns } from '../take-turns.ts'
import { type Growth, growthOf, type KeyedStep, type Memory, type Order, type Step } from './growth.ts'
import { culling, fill, keyed, opening } from './growth-contenders.ts'
import { Opened } from './growth-places.ts'
import { measureMemory } from './measure-memory.ts'

export interface GrowthPlan {
  /** Numbers of keys, the smallest first: that is what the others are compared with. */
  readonly sizes: readonly number[]
  readonly effort: Effort
  readonly calls: number
  readonly openings: number
  /** Of a process whose memory is measured. */
  readonly reads: number
}

const ORDERS: readonly Order[] = ['random', 'hot']

const KEYED: readonly KeyedStep[] = ['get', 'set', 'delete and set']

/** To tell of: filling, the keyed operations in each order, opening, memory, and culling. */
const STEPS = 1 + KEYED.length * ORDERS.length + 3

/** All sizes, ours and bare, take turns in everything. */
export async function measureGrowth(
  { sizes, effort, calls, openings, reads }: GrowthPlan,
  { progress }: PartContext,
): Promise<{ growths: Growth[]; memory: Memory[] }> {
  let done = 0
  const tell = (doing: string) => progress(done++, STEPS, doing)
  await using stage = new Stage()
  const places = sizes.map((keys) => ({ keys, ours: stage.path('cache'), bare: `${stage.path('bare')}.db` }))
  const turns = async (operation: Step, contenders: readonly Contender[], count: number, order?: Order) => {
    tell(`${operation}${order === undefined ? '' : `, ${order}`}`)
    return growthOf(sizes, await takeTurns(contenders, count, effort), { operation, count, order })
  }
  const growths: Growth[] = []
  {
    using opened = new Opened(places)
    tell('filling')
    for (const { store, keys } of opened.stores) fill(store, keys)
    for (const order of ORDERS) {
      for (const operation of KEYED)
        growths.push(await turns(operation, keyed(opened, operation, order, calls), calls, order))
    }
  }
  growths.push(await turns('open and close', opening(places), openings))
  tell('memory')
  const memory = await measureMemory(places, reads)
  using opened = new Opened(places)
  growths.push(await turns('cull step', culling(opened), calls))
  return { growths, memory }
}
