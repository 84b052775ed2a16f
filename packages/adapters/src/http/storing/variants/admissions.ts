import { LRUCache } from 'lru-cache'
import type { CacheRequest } from '../../rules/cache-request.ts'
import { isMadeUp, selectionOf } from '../../rules/selection.ts'
import { type Demand, demandKey } from './demand.ts'
import { type Crowd, MAX_VARIANTS, takesPlaceOf } from './variants.ts'

/** Of so many kinds of variants it is known what is being stored; the latest. */
const MAX_KINDS = 10_000

/** How long an answer that is being stored counts, in milliseconds: its client may never take all of it. */
const MAX_UNDER_WAY_MS = 10_000

/** What this process stores for one kind of variants of a URL. */
class Storing {
  /** When each variant began that is being stored. */
  readonly underWay = new Map<string, number>()
  /** How many were stored, or were not after all. */
  ended = 0
}

/** What a search that found no variant saw of the others. */
export interface Vacancy extends Crowd {
  /** Names their URL. */
  readonly id: string
  readonly storing: Storing
  /** How many had ended by then. */
  readonly ended: number
}

/**
 * Decides whether an answer finds a place among the variants of its URL: before its head says that it is stored, and so with
 * those in view that are being stored just now.
 */
export class Admissions {
  readonly #demand: Demand
  readonly #now: () => number
  readonly #storing = new LRUCache<string, Storing>({ max: MAX_KINDS })

  /** `now` is in epoch milliseconds. */
  constructor(demand: Demand, now: () => number) {
    this.#demand = demand
    this.#now = now
  }

  /** Returns what is to be known, once an answer is there, of what a search saw. */
  vacancy(id: string, request: CacheRequest, crowd: Crowd): Vacancy {
    const kind = `${id}/${isMadeUp(request)}`
    const storing = this.#storing.get(kind) ?? new Storing()
    this.#storing.set(kind, storing)
    return { ...crowd, id, storing, ended: storing.ended }
  }

  /**
   * Returns what to call when an answer is stored, or will not be, after all; `undefined` when it finds no place. When it was
   * asked for often enough, it will take that of another. `names` are the fields that select it.
   */
  admit(vacancy: Vacancy, request: CacheRequest, names: readonly string[]): (() => void) | undefined {
    const { id, storing } = vacancy
    const areSame = names.every((name) => vacancy.names.includes(name))
    const selection = selectionOf([...new Set([...vacancy.names, ...names])].sort(), request)
    const variant = demandKey(id, selection)
    if (storing.underWay.has(variant)) return () => {}
    const taken = (areSame ? vacancy.count : 0) + this.#takenSince(vacancy)
    const least = areSame ? vacancy.least : 1
    if (taken >= MAX_VARIANTS && !takesPlaceOf(least, this.#demand.before(variant))) {
      this.#demand.add(variant)
      return undefined
    }
    storing.underWay.set(variant, this.#now())
    let isOver = false
    return () => {
      // By the second time, another answer may be under way.
      if (isOver) return
      isOver = true
      storing.underWay.delete(variant)
      storing.ended++
    }
  }

  /** Returns how many places were taken that the search did not see. */
  #takenSince({ storing, ended }: Vacancy): number {
    const now = this.#now()
    const isYoung = (begun: number) => begun <= now && now - begun < MAX_UNDER_WAY_MS
    return storing.ended - ended + [...storing.underWay.values()].filter(isYoung).length
  }
}
