import type { Request } from './asking.ts'

/** From one epoch millisecond to another. */
export interface Interval {
  readonly begin: number
  readonly end: number
}

/** How far away a request of the control still tells of the same moment, in milliseconds. */
const NEAR = 250

/** How long the machine held up those that did without a cache, so that nobody is blamed for it. */
export class Stalls {
  readonly #requests: readonly Request[]

  /** Takes the requests of a control, in the order in which they were due. */
  constructor(requests: readonly Request[]) {
    this.#requests = requests
  }

  /** Returns the longest latency that the control had while a request was under way, in milliseconds. */
  around({ due, ended }: Pick<Request, 'due' | 'ended'>): number {
    let longest = 0
    for (let i = this.#firstFrom(due - NEAR); i < this.#requests.length; i++) {
      const request = this.#requests[i]!
      if (request.due > Math.min(ended, due + 10_000) + NEAR) break
      longest = Math.max(longest, request.ended - request.due)
    }
    return longest
  }

  #firstFrom(time: number): number {
    let [low, high] = [0, this.#requests.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#requests[middle]!.due < time) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** The `share` of all numbers are at most this, by the nearest rank. */
export function percentile(share: number, numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
