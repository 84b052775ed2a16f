import type { CacheRequest } from '../../rules/cache-request.ts'
import { isMadeUp, selectionOf } from '../../rules/selection.ts'
import { HitCounts } from '../hit-counts.ts'
import { type Demand, demandKey } from './demand.ts'
import { type Crowd, MAX_VARIANTS, takesPlaceOf } from './variants.ts'

/** What a search that found no variant saw of the others. */
export interface Vacancy extends Crowd {
  /** Names their URL. */
  readonly id: string
  /** How many answers of this URL had been stored by then, or were not; in this process. */
  readonly ended: number
}

/**
 * Decides whether an answer finds a place among the variants of its URL: before its head says that it is stored, and so with
 * those in view that are being stored just now.
 */
export class Admissions {
  readonly #demand: Demand
  readonly #begun = new HitCounts()
  readonly #ended = new HitCounts()
  readonly #underWay = new Set<string>()

  constructor(demand: Demand) {
    this.#demand = demand
  }

  /** Returns what is to be known, once an answer is there, of what a search saw. */
  vacancy(id: string, request: CacheRequest, crowd: Crowd): Vacancy {
    return { ...crowd, id, ended: this.#ended.of(kindOf(id, request)) }
  }

  /**
   * Returns what to call when an answer is stored, or will not be, after all; `undefined` when it finds no place. When it was
   * asked for often enough, it will take that of another. `names` are the fields that select it.
   */
  admit(vacancy: Vacancy, request: CacheRequest, names: readonly string[]): (() => void) | undefined {
    const { id, ended } = vacancy
    const areSame = names.every((name) => vacancy.names.includes(name))
    const selection = selectionOf([...new Set([...vacancy.names, ...names])].sort(), request)
    const [kind, variant] = [kindOf(id, request), demandKey(id, selection)]
    if (this.#underWay.has(variant)) return () => {}
    const taken = (areSame ? vacancy.count : 0) + this.#begun.of(kind) - ended
    const least = areSame ? vacancy.least : 1
    if (taken >= MAX_VARIANTS && !takesPlaceOf(least, this.#demand.before(variant))) {
      this.#demand.add(variant)
      return undefined
    }
    this.#underWay.add(variant)
    this.#begun.add(kind)
    return () => {
      if (this.#underWay.delete(variant)) this.#ended.add(kind)
    }
  }
}

function kindOf(id: string, request: CacheRequest): string {
  return `${id}/${isMadeUp(request)}`
}
