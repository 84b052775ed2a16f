import {
  type CheckedCounter,
  type CounterOptions,
  checkCounter,
  counterSum,
  type Disk,
  type Key,
  type Ttl,
  withDefaultTtl,
} from '@diskcache/core'
import { keepsRaw } from '../../bytes/keeps-raw.ts'
import { COUNT } from '../../scripts/count.ts'
import type { Commands } from '../../server/commands.ts'
import type { Deadline } from '../../server/deadline.ts'
import type { EntryWriter } from '../entry-writer.ts'
import type { ValuePlanner } from '../value-planner.ts'
import { entryOptions, ttlArgument } from '../write-options.ts'
import type { Update } from './update.ts'

/** Steps that are smaller add up exactly, however many there are. */
const LARGE = 2 ** 31

interface CounterParts {
  readonly commands: Commands
  readonly writer: EntryWriter
  readonly update: Update
  readonly planner: ValuePlanner
  readonly disk: Disk
  /** The time to live of new counters that are given none. */
  readonly ttl: Ttl | undefined
}

/** A sum that is asked for, checked. */
export interface Addition extends CheckedCounter {
  readonly key: Key
  readonly delta: number
}

/** Numbers that are changed in place. Integers by one script; everything else, and other codecs, by an update. */
export class Counter {
  readonly #commands: Commands
  readonly #writer: EntryWriter
  readonly #update: Update
  readonly #planner: ValuePlanner
  readonly #isRaw: boolean
  readonly #ttl: Ttl | undefined

  constructor({ commands, writer, update, planner, disk, ttl }: CounterParts) {
    this.#commands = commands
    this.#writer = writer
    this.#update = update
    this.#planner = planner
    this.#isRaw = keepsRaw(disk)
    this.#ttl = ttl
  }

  check(key: Key, delta: number, options: CounterOptions): Addition {
    const { initial, write } = checkCounter(delta, options)
    const withTtl = withDefaultTtl(write, this.#ttl) ?? write
    const { ttl } = entryOptions(withTtl)
    // Drawn here, since it takes another way when it is 0.
    return { key, delta, initial, write: ttl === null ? withTtl : { ...withTtl, ttl } }
  }

  async add(name: string, addition: Addition, deadline: Deadline): Promise<number> {
    const fast = this.#isFast(addition) ? await this.#count(name, addition, deadline) : undefined
    return fast ?? this.#change(name, addition, deadline)
  }

  /** Whether it can be done in one with others like it: of times to live, that of the first counts in any case. */
  isPlain(addition: Addition): boolean {
    const { delta, initial, write } = addition
    return initial === 0 && write.tag === undefined && Math.abs(delta) < LARGE && this.#isFast(addition)
  }

  /** Several plain ones on one key, by their sum. */
  async addAll(
    name: string,
    additions: readonly Addition[],
    deadline: Deadline,
  ): Promise<PromiseSettledResult<number>[]> {
    const last = await this.#sum(name, additions, deadline)
    if (last === undefined) return this.#addEach(name, additions, deadline)
    let value = last - sumOf(additions)
    return additions.map(({ delta }) => {
      value += delta
      return { status: 'fulfilled', value }
    })
  }

  async #addEach(
    name: string,
    additions: readonly Addition[],
    deadline: Deadline,
  ): Promise<PromiseSettledResult<number>[]> {
    const results: PromiseSettledResult<number>[] = []
    for (const addition of additions)
      results.push(...(await Promise.allSettled([this.add(name, addition, deadline)])))
    return results
  }

  /** `undefined` where they have to be done one by one. */
  async #sum(name: string, additions: readonly Addition[], deadline: Deadline): Promise<number | undefined> {
    if (additions.length === 1) return undefined
    const way = additions.reduce((way, { delta }) => way + Math.abs(delta), 0)
    return this.#count(name, { ...(additions[0] as Addition), delta: sumOf(additions) }, deadline, way)
  }

  /** Whether the script computes what this process would. */
  #isFast({ delta, initial, write }: Addition): boolean {
    const isExact = Number.isSafeInteger(delta) && Number.isSafeInteger((initial ?? 0) + delta)
    return isExact && write.ttl !== 0 && this.#isRaw
  }

  /** `undefined` where the script leaves it to us. */
  async #count(name: string, addition: Addition, deadline: Deadline, way = 0): Promise<number | undefined> {
    const { key, delta, initial, write } = addition
    const { ttl, tags } = entryOptions(write)
    const first = initial === null ? undefined : initial + delta
    if (first !== undefined) this.#planner.planOrThrow(first)
    const start = first === undefined ? '' : String(first)
    const textTags = tags.length === 0 ? '' : tags
    const args = [String(delta), this.#writer.nextVersion(), start, ttlArgument(ttl), String(way), textTags]
    const reply = String(await this.#commands.write(COUNT, [name], args, deadline))
    if (reply === 'missing') return counterSum(key, undefined, initial, delta)
    return reply === 'other' ? undefined : Number(reply)
  }

  async #change(name: string, { key, delta, initial, write }: Addition, deadline: Deadline): Promise<number> {
    let result = 0
    await this.#update.run(
      name,
      (entry) => {
        result = counterSum(key, entry, initial, delta)
        return entry === undefined ? { set: result, ...write } : { set: result }
      },
      deadline,
    )
    return result
  }
}

function sumOf(additions: readonly Addition[]): number {
  return additions.reduce((sum, { delta }) => sum + delta, 0)
}
