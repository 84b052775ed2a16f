/** What the project asks of a ratio: `limit` must hold, `aim` is where we are going. */
export interface Goal {
  /** `'cost'`: time in units of the yardstick's, to stay below. `'speedup'`: how many times faster, to stay above. */
  readonly kind: 'cost' | 'speedup'
  readonly limit: number
  readonly aim: number
}

export type Verdict = 'missed' | 'met' | 'reached'

export function atMost(limit: number, aim = limit): Goal {
  return { kind: 'cost', limit, aim }
}

export function timesFaster(limit: number, aim = limit): Goal {
  return { kind: 'speedup', limit, aim }
}

/** `missed`: the limit does not hold; `met`: it does; `reached`: the aim does too. */
export function judge({ kind, limit, aim }: Goal, ratio: number): Verdict {
  const holds = (bound: number) => (kind === 'cost' ? ratio <= bound : ratio >= bound)
  if (!holds(limit)) return 'missed'
  return holds(aim) ? 'reached' : 'met'
}
