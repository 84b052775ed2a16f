import { median, medianRatio } from '../statistics.ts'

/** One operation at each number of keys. */
export interface Growth {
  readonly operation: Step
  /** How keys are chosen; nothing where that makes no difference. */
  readonly order?: Order
  readonly ours: readonly SizedFigure[]
  readonly bare: readonly SizedFigure[]
}

export interface SizedFigure {
  readonly keys: number
  readonly microseconds: number
  /** To the smallest number of keys. */
  readonly ratio: number
}

export interface Memory {
  readonly keys: number
  /** Resident bytes of a process that has the store open and has used it. */
  readonly ours: number
  readonly bare: number
}

/** An operation on a key that is chosen. */
export type KeyedStep = 'get' | 'set' | 'delete and set'

export type Step = KeyedStep | 'cull step' | 'open and close'

export type Order = 'random' | 'hot'

/** From the times of rounds of `count` calls: for each size ours, then those of the bare database. */
export function growthOf(
  sizes: readonly number[],
  times: readonly (readonly number[])[],
  { operation, count, order }: { operation: Step; count: number; order: Order | undefined },
): Growth {
  const figures = (side: 0 | 1) =>
    sizes.map((keys, i): SizedFigure => {
      const [own = [], smallest = []] = [times[2 * i + side], times[side]]
      return { keys, microseconds: (median(own) * 1e3) / count, ratio: medianRatio(own, smallest) }
    })
  return { operation, ...(order !== undefined && { order }), ours: figures(0), bare: figures(1) }
}
