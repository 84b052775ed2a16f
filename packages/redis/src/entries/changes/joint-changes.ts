import { type Change, checkChange, type Disk, type Entry, type Ttl } from '@diskcache/core'
import { decodeTags } from '../../bytes/tag-bytes.ts'
import type { PlannedValue, ValuePlanner } from '../value-planner.ts'
import { entryOptions } from '../write-options.ts'
import type { ChangeCallback, SetChange, Updated } from './change-callback.ts'

/**
 * Several changes of one entry as one: each is asked about what the one before it would leave, and the last is written.
 * That is so for those that set a short value. What keeps, removes, fails, or sets a large value goes alone.
 */
export class JointChanges {
  readonly #callbacks: readonly ChangeCallback[]
  readonly #planner: ValuePlanner
  readonly #disk: Disk
  /** The time to live of a new entry that is given none. */
  readonly #ttl: Ttl | undefined
  /** What those leave that are taken together, by the last run. */
  #left: Updated[] = []
  /** What is asked about next: there are as many as of `#left`. */
  #planned: PlannedValue | undefined
  #change: Change<unknown> = { keep: true }

  constructor(
    callbacks: readonly ChangeCallback[],
    { planner, disk, ttl }: { planner: ValuePlanner; disk: Disk; ttl: Ttl | undefined },
  ) {
    this.#callbacks = callbacks
    this.#planner = planner
    this.#disk = disk
    this.#ttl = ttl
  }

  /** How many of them it is, from the first on. */
  get count(): number {
    return Math.max(1, this.#left.length)
  }

  /** May be called more than once; the last call counts. */
  readonly callback: ChangeCallback = (entry, now) => {
    this.#left = []
    for (const callback of this.#callbacks)
      if (!this.#take(callback, this.#left.at(-1)?.entry ?? entry, now)) break
    return this.#change
  }

  /** What became of each, by what became of the whole. */
  outcomes(whole: Updated): readonly Updated[] {
    return [...this.#left.slice(0, -1), whole]
  }

  /** Whether others may follow. */
  #take(callback: ChangeCallback, before: Entry<unknown> | undefined, now: number): boolean {
    const isFirst = this.#left.length === 0
    try {
      const change = checkChange(callback(isFirst ? before : this.#copy(before), now))
      if (!('keep' in change || 'delete' in change) && this.#set(change, before, now)) return true
      if (isFirst) this.#change = change
    } catch (error) {
      if (isFirst) throw error
    }
    return false
  }

  /** Whether it can be taken together with others. */
  #set(change: SetChange, before: Entry<unknown> | undefined, now: number): boolean {
    const { set, tag, pin } = change
    const ttl = change.ttl ?? (before === undefined ? this.#ttl : undefined)
    const given = entryOptions({ ttl, tag, pin })
    const planned = this.#planner.plan(set)
    if (planned === undefined || planned.long !== undefined || given.ttl === 0) return false
    const isFirst = this.#left.length === 0
    const earlier = isFirst ? undefined : (this.#change as SetChange)
    // Drawn once: what is told of the earlier ones is what is written.
    const drawn = ttl === undefined ? earlier?.ttl : (given.ttl ?? Infinity)
    this.#change = { set, ttl: drawn, tag: tag ?? earlier?.tag }
    const end = given.ttl === null ? null : now + given.ttl
    const entry = {
      value: set,
      expireTime: ttl === undefined && before !== undefined ? before.expireTime : end,
      tags: tag === undefined && before !== undefined ? before.tags : decodeTags(given.tags),
    }
    this.#left.push({ entry, reason: 'set' })
    this.#planned = planned
    return true
  }

  /** As it would be read, and nobody else's to change. */
  #copy(entry: Entry<unknown> | undefined): Entry<unknown> | undefined {
    const { mode, inline } = this.#planned as PlannedValue
    return entry && { ...entry, value: this.#disk.decodeValue(mode, inline) }
  }
}
