import { setImmediate, setTimeout } from 'node:timers/promises'
import { Deque } from '@diskcache/collections'
import { Random } from '../../../../cache/tests/processes/random.ts'
import { role } from '../../../../cache/tests/processes/role.ts'
import { labelOf } from './flow-item.ts'

/** `hasty`: gives up waiting again and again, by a signal or a timeout. */
export type TakerKind = 'popLeft' | 'takeLeft' | 'hasty'

export interface TakingJob {
  readonly directory: string
  readonly seed: number
  readonly id: number
  readonly kind: TakerKind
}

export interface TakingReport {
  /** The labels of what it took, in order. */
  readonly taken: string[]
  /** How often it gave up waiting. */
  readonly abandoned: number
}

/** Gives an item, or `undefined` when it is not worth waiting any longer. */
type Take = () => Promise<unknown>

const STOPPED = new Error('stopped')

/** Starts at its first barrier, and stops at its second. */
role<TakingJob, TakingReport>(async ({ directory, seed, id, kind }, barrier) => {
  using deque = new Deque(directory)
  const stop = new AbortController()
  const take = TAKES[kind](deque, stop.signal, new Random(seed, id))
  const report = { taken: [] as string[], abandoned: 0 }
  await barrier()
  barrier().then(() => stop.abort(STOPPED))
  while (!stop.signal.aborted) {
    const item = await take()
    if (item === undefined) report.abandoned++
    else report.taken.push(labelOf(item))
  }
  return report
})

const TAKES: Record<TakerKind, (deque: Deque, stop: AbortSignal, random: Random) => Take> = {
  popLeft: (deque) => async () => {
    await setImmediate()
    return deque.popLeft() ?? (await setTimeout(1))
  },
  takeLeft: (deque, signal) => () => unlessAborted(deque.promises.takeLeft({ signal })),
  hasty: (deque, stop, random) => async () => {
    if (random.chance(0.5)) return deque.promises.takeLeft({ timeout: random.below(6) })
    const enough = new AbortController()
    const signal = AbortSignal.any([stop, enough.signal])
    const taken = unlessAborted(deque.promises.takeLeft({ signal, timeout: 1_000 }))
    for (let turns = random.below(8); turns > 0; turns--) await setImmediate()
    enough.abort(STOPPED)
    return taken
  },
}

async function unlessAborted(taken: Promise<unknown>): Promise<unknown> {
  try {
    return await taken
  } catch (error) {
    if (error === STOPPED) return undefined
    throw error
  }
}
