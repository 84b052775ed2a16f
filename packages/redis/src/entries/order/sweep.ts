import type { Deadline } from '../../server/deadline.ts'

type Remove = (names: readonly string[], deadline: Deadline) => Promise<boolean[]>

/**
 * A removal that concerns all entries, and goes on while others use the store. Who comes after it does not wait for its
 * end: the entries that he is about go first, and are then left alone.
 */
export class Sweep {
  readonly #isMeant: (name: string) => boolean
  readonly #remove: Remove
  /** Names whose removal is under way. */
  readonly #underWay = new Map<string, Promise<unknown>>()
  /** Names that are left alone, since others have used them after their turn. */
  readonly #settled = new Set<string>()
  #count = 0

  /** `isMeant` tells what it is about, by the name. */
  constructor(isMeant: (name: string) => boolean, remove: Remove) {
    this.#isMeant = isMeant
    this.#remove = remove
  }

  /** How many it removed. */
  get count(): number {
    return this.#count
  }

  /** Goes on with names that the walk has found. */
  async take(names: readonly string[], deadline: Deadline): Promise<void> {
    const fresh = names.filter((name) => !this.#settled.has(name) && !this.#underWay.has(name))
    if (fresh.length > 0) await this.#run([...new Set(fresh)], deadline)
  }

  /** Has the turn of names that somebody is going to use. */
  async settle(names: readonly string[], deadline: Deadline): Promise<void> {
    const open = names.filter((name) => this.#isMeant(name) && !this.#settled.has(name))
    if (open.length === 0) return
    const fresh = open.filter((name) => !this.#underWay.has(name))
    const turns = open.map((name) => this.#underWay.get(name))
    if (fresh.length > 0) turns.push(this.#run([...new Set(fresh)], deadline))
    await Promise.all(turns)
    for (const name of open) this.#settled.add(name)
  }

  async #run(names: readonly string[], deadline: Deadline): Promise<void> {
    const turn = deadline.race(this.#remove(names, deadline))
    for (const name of names) this.#underWay.set(name, turn)
    try {
      this.#count += (await turn).filter(Boolean).length
    } finally {
      for (const name of names) this.#underWay.delete(name)
    }
  }
}
