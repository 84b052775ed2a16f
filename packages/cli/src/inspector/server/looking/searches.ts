import type { ListQuery, ListStep } from '@diskcache/core'
import { entryView, PAGE_LIMITS } from '../../../reading/entry-view.ts'
import { textOfPlace } from '../../../reading/list-place.ts'
import type { Target } from '../../../reading/targets/target.ts'
import type { EntriesPage } from '../../protocol/api.ts'
import { Refusal } from '../http/refusal.ts'

/** How long a search goes on before what it has found is answered, in milliseconds. */
const PATIENCE_MS = 400

/** How long a search is kept that nobody asks for, in milliseconds. */
const KEPT_MS = 30_000

const MOST_KEPT = 16

interface Search {
  readonly steps: AsyncGenerator<ListStep, void, void>
  readonly limit: number
}

interface KeptSearch extends Search {
  readonly timer: NodeJS.Timeout
}

/**
 * Searches that were not done in time, kept under a number until they are asked for again. Somebody who types begins one
 * with each letter, and goes on with the last: the oldest ones go.
 */
export class Searches {
  readonly #target: Target
  readonly #kept = new Map<string, KeptSearch>()
  #numbers = 0

  constructor(target: Target) {
    this.#target = target
  }

  /** Begins a search. */
  begin(query: ListQuery): Promise<EntriesPage> {
    return this.#goOn({ steps: this.#target.listing.list(query), limit: query.limit })
  }

  /** Goes on with a search that was not done. */
  goOn(number: string): Promise<EntriesPage> {
    const search = this.#kept.get(number)
    if (search === undefined) {
      throw new Refusal(404, 'Cannot go on with this search: it was not asked for in time; begin it again')
    }
    this.#kept.delete(number)
    clearTimeout(search.timer)
    return this.#goOn(search)
  }

  /** Ends all of them. */
  close(): void {
    for (const number of [...this.#kept.keys()]) this.#drop(number)
  }

  async #goOn(search: Search): Promise<EntriesPage> {
    const step = await lastStep(search.steps)
    const page = pageOf(step, search.limit)
    return step.isDone ? page : { ...page, search: this.#keep(search) }
  }

  #keep({ steps, limit }: Search): string {
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < MOST_KEPT) break
      this.#drop(oldest)
    }
    const number = String(++this.#numbers)
    const timer = setTimeout(() => this.#drop(number), KEPT_MS).unref()
    this.#kept.set(number, { steps, limit, timer })
    return number
  }

  #drop(number: string): void {
    const search = this.#kept.get(number)
    this.#kept.delete(number)
    clearTimeout(search?.timer)
    // Nobody is told: whoever asks for it later learns that it is gone.
    search?.steps.return().catch(() => {})
  }
}

/** Returns the last step that comes in time. */
async function lastStep(steps: AsyncGenerator<ListStep, void, void>): Promise<ListStep> {
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    const { value } = await steps.next()
    if (value === undefined) throw new Refusal(500, 'Cannot search: the store gave nothing')
    if (value.isDone || performance.now() >= end) return value
  }
}

function pageOf({ entries, scanned, total, isDone }: ListStep, limit: number): EntriesPage {
  const now = Date.now()
  const last = entries.length < limit ? undefined : entries.at(-1)
  const views = entries.map((entry) => entryView(entry, now, PAGE_LIMITS))
  const page = { entries: views, scanned, total, isDone }
  return last === undefined ? page : { ...page, next: textOfPlace(last.place) }
}
