import type { Deadline } from '../../server/deadline.ts'
import type { Place } from './lanes.ts'

/** Does for all items what each of them asks for, in their order. */
export type RunTogether<T, R> = (
  items: readonly T[],
  deadline: Deadline,
) => Promise<PromiseSettledResult<R>[]>

/**
 * Operations of one kind on one key that are done as one, since they were issued while the first of them waited, and
 * nothing else on the key was issued in between.
 */
export class Joint<T, R> {
  readonly place: Place
  readonly #run: RunTogether<T, R>
  readonly #items: T[] = []
  #done: Promise<PromiseSettledResult<R>[]> = Promise.resolve([])

  constructor(place: Place, run: RunTogether<T, R>) {
    this.place = place
    this.#run = run
  }

  get done(): Promise<PromiseSettledResult<R>[]> {
    return this.#done
  }

  /** Hands over how all of it is going to be done; it begins with {@link run}. */
  set done(done: Promise<PromiseSettledResult<R>[]>) {
    this.#done = done
  }

  /** Resolves with what became of this item. */
  async join(item: T): Promise<R> {
    const index = this.#items.push(item) - 1
    const result = (await this.#done)[index] as PromiseSettledResult<R>
    if (result.status === 'rejected') throw result.reason
    return result.value
  }

  /** From here on, nobody joins. */
  run(deadline: Deadline): Promise<PromiseSettledResult<R>[]> {
    return this.#run(this.#items, deadline)
  }
}
