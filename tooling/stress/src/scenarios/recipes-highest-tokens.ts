export interface TokenMoment {
  readonly token: number
  /** Nanoseconds. */
  readonly time: bigint
}

/** Tells which token was the highest before a given time. */
export class HighestTokens {
  /** In the order of time, each with the highest token until then. */
  readonly #moments: TokenMoment[] = []

  constructor(moments: readonly TokenMoment[]) {
    let highest = 0
    for (const { token, time } of moments.toSorted((a, b) =>
      a.time < b.time ? -1 : Number(a.time > b.time),
    )) {
      highest = Math.max(highest, token)
      this.#moments.push({ token: highest, time })
    }
  }

  /** 0 when there was none. */
  before(time: bigint): number {
    let [low, high] = [0, this.#moments.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#moments[middle] as TokenMoment).time < time) low = middle + 1
      else high = middle
    }
    return this.#moments[low - 1]?.token ?? 0
  }

  get last(): number {
    return this.#moments.at(-1)?.token ?? 0
  }
}
