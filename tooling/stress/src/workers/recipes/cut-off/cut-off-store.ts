import type { RecipeStore } from '@diskcache/recipes'

/** What is read of the row of a lock. */
interface Row {
  readonly holds: readonly { readonly until: number }[]
}

/** What becomes of an operation after the cut: there is no answer, or an error. */
export type CutOff = 'silent' | 'failing'

/** A store that does not answer any more from a moment on, for one lock. */
export class CutOffStore {
  readonly store: RecipeStore
  /** The end of the lease that the store has granted last, in epoch milliseconds. */
  until = 0
  #isCut = false

  constructor(store: RecipeStore, way: CutOff) {
    const update: RecipeStore['update'] = async (...args) => {
      if (this.#isCut) await (way === 'silent' ? new Promise(() => {}) : Promise.reject(new Error('cut off')))
      const entry = await store.update(...args)
      const ends = ((entry?.value as Row | undefined)?.holds ?? []).map(({ until }) => until)
      this.until = Math.max(this.until, ...ends)
      return entry
    }
    this.store = new Proxy(store, {
      get: (target, name) => {
        if (name === 'update') return update
        const member: unknown = Reflect.get(target, name, target)
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
  }

  cut(): void {
    this.#isCut = true
  }
}
